package dev.skep.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code /cluster} and {@code /q/metrics}: what an operator looks at. */
@BlackBox
final class ClusterTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Skep skep;

  ClusterTest(Skep skep) {
    this.skep = skep;
  }

  @Test
  void showsThisReplicaWithVersionRolesDriversAndAddress() throws InterruptedException {
    awaitHolder("sweeper");
    JsonNode cluster = skep.admin().get("/cluster").is(200).json();

    assertThat(cluster.path("replicas")).hasSize(1);
    JsonNode replica = cluster.at("/replicas/0");
    assertThat(replica.path("id")).isEqualTo(cluster.path("answeredBy"));
    assertThat(replica.path("version").asText()).isNotEmpty();
    assertThat(texts(replica.path("roles"))).containsExactly("web", "worker");
    assertThat(replica.at("/drivers/sql").asText()).isEqualTo("embedded");
    assertThat(replica.path("address").asText()).endsWith(":" + skep.port());
    assertThat(replica.path("startedAt").asText()).isNotEmpty();
    assertThat(cluster.path("asOf").asText()).isNotEmpty();
    assertThat(cluster.path("warnings")).isEmpty();
  }

  @Test
  void showsEachPortWithDriverTargetAndLatency() {
    JsonNode ports = skep.admin().get("/cluster").is(200).json().path("ports");

    assertThat(ports.findValuesAsText("name"))
        .containsExactly("sql", "objects", "config", "cache", "pubsub", "coordinator", "registry");
    ports.forEach(
        port -> {
          assertThat(port.path("up").asBoolean()).as(port.toString()).isTrue();
          assertThat(port.path("driver").asText()).isEqualTo("embedded");
          assertThat(port.path("target").asText()).isNotEmpty();
          assertThat(port.path("latencyMs").isNumber()).isTrue();
          assertThat(port.path("checkedAt").asText()).isNotEmpty();
        });
  }

  @Test
  void aDutyThatStepsDownIsTakenUpAgain() throws InterruptedException {
    awaitHolder("credentials");
    skep.admin().post("/cluster/duties/credentials/step-down").is(204);
    awaitHolder("credentials");
    skep.admin().post("/cluster/duties/no-such/step-down").isProblem(404, "not-found");
  }

  @Test
  void metricsTimeEveryPortAndAreForAdministrators() {
    skep.admin().put("/files/home/" + Names.fresh("measured"), "m").is(201);

    Answer metrics = skep.admin().get("/q/metrics").is(200);

    assertThat(metrics.header("Content-Type")).startsWith("text/plain");
    assertThat(metrics.text())
        .containsPattern(
            "skep_port_seconds_count\\{operation=\"write\",outcome=\"ok\",port=\"sql\"\\} [1-9]")
        .contains("skep_port_open{port=\"cache\"} 1.0", "jvm_memory_used_bytes")
        .doesNotContain(skep.data().toString());
    skep.nobody().get("/q/metrics").isProblem(401, "unauthenticated");
  }

  private void awaitHolder(String duty) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!isHeld(duty)) {
      assertThat(System.nanoTime() - end).as("a holder of " + duty).isNegative();
      Thread.sleep(100);
    }
  }

  private boolean isHeld(String duty) {
    for (JsonNode each : skep.admin().get("/cluster").is(200).json().path("duties")) {
      if (each.path("name").asText().equals(duty)) {
        boolean held = !each.path("shards").isEmpty();
        for (JsonNode shard : each.path("shards")) {
          held &= !shard.path("holder").asText().isEmpty();
        }
        return held;
      }
    }
    throw new AssertionError("no duty " + duty);
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asText()));
    return texts;
  }
}
