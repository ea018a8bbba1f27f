package dev.skep.blackbox.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Skep;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A server that does not answer ends no start: DESIGN sections 2 and 3. */
final class WaitingForServersTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TOKEN = "a-secret-for-metrics";

  @Test
  void withoutSqlItLivesSaysWhatItWaitsForAndRefusesRequests() throws Exception {
    try (Skep skep =
        Skep.on(Skep.newFolder("skep-data"))
            .with("SKEP_SQL_DRIVER", "mysql")
            .with("SKEP_SQL_MYSQL_ENDPOINTS", "127.0.0.1:" + closedPort())
            .with("SKEP_SQL_MYSQL_DATABASE", "skep")
            .with("SKEP_SQL_MYSQL_USER", "skep")
            .with("SKEP_SQL_MYSQL_PASSWORD", "not-in-any-output")
            .with("SKEP_METRICS_TOKEN", TOKEN)
            .launch()) {
      awaitLife(skep);

      skep.nobody().get("/q/health/started").is(200);
      Answer ready = skep.nobody().get("/q/health/ready").is(503);
      assertThat(ready.text("status")).isEqualTo("DOWN");
      assertThat(status(ready, "sql")).isEqualTo("DOWN");
      assertThat(status(ready, "objects")).isEqualTo("UP");
      assertThat(ready.text()).doesNotContain("127.0.0.1");

      Answer refused = skep.as("admin", "anything").get("/me").isProblem(503, "unavailable");
      assertThat(refused.text("detail")).startsWith("sql: ");
      assertThat(refused.header("Retry-After")).matches("[1-9][0-9]*");
      assertThat(refused.header("X-Request-Id")).isNotEmpty();
      skep.nobody().request("PUT", "/files/home/a").bytes(new byte[1 << 20]).send().is(503);

      assertThat(bearer(skep, TOKEN).text())
          .contains("skep_port_open{port=\"sql\"} 0.0", "skep_port_open{port=\"objects\"} 1.0");
      bearer(skep, "another-secret-for-metrics").isProblem(401, "unauthenticated");

      assertThat(skep.output())
          .contains("Waiting for sql (mysql, skep@127.0.0.1:")
          .doesNotContain("not-in-any-output", "Skep is ready", "\tat ");
      skep.stop();
    }
  }

  @Test
  void withoutConfigItIsReadyAndOnlySettingsCannotBeChanged() throws Exception {
    try (Skep skep =
        Skep.on(Skep.newFolder("skep-data"))
            .with("SKEP_CONFIG_DRIVER", "etcd")
            .with("SKEP_CONFIG_ETCD_ENDPOINTS", "http://127.0.0.1:" + closedPort())
            .start()) {
      Answer ready = skep.nobody().get("/q/health/ready").is(200);
      assertThat(status(ready, "config")).isEqualTo("DOWN");
      assertThat(status(ready, "sql")).isEqualTo("UP");

      skep.admin().put("/files/home/a.txt", "a").is(201);
      assertThat(skep.admin().get("/files/home/a.txt").is(200).text()).isEqualTo("a");
      skep.admin().get("/settings").is(200);
      Answer refused =
          skep.admin()
              .putJson("/settings/identity.session-hours", "{'value':25}")
              .isProblem(503, "unavailable");
      assertThat(refused.text("detail")).startsWith("config: ");

      JsonNode port = port(skep.admin().get("/cluster").is(200), "config");
      assertThat(port.path("up").asBoolean()).isFalse();
      assertThat(port.path("driver").asText()).isEqualTo("etcd");
      assertThat(port.path("problem").asText()).startsWith("not open yet: ");
      skep.stop();
    }
  }

  @Test
  void withoutAnyServerAWorkerLivesTellsInJsonAndTakesNoRequests() throws Exception {
    String closed = "127.0.0.1:" + closedPort();
    try (Skep skep =
        Skep.on(Skep.newFolder("absent").resolve("data"))
            .arguments("serve")
            .with("SKEP_ROLES", "worker")
            .with("SKEP_SQL_MYSQL_ENDPOINTS", closed)
            .with("SKEP_SQL_MYSQL_DATABASE", "skep")
            .with("SKEP_SQL_MYSQL_USER", "skep")
            .with("SKEP_OBJECTS_S3_ENDPOINT", "http://" + closed)
            .with("SKEP_OBJECTS_S3_BUCKET", "skep")
            .with("SKEP_OBJECTS_S3_ACCESS_KEY", "key")
            .with("SKEP_OBJECTS_S3_SECRET_KEY", "not-in-any-output")
            .with("SKEP_CONFIG_ETCD_ENDPOINTS", "http://" + closed)
            .with("SKEP_COORDINATOR_ETCD_ENDPOINTS", "http://" + closed)
            .with("SKEP_REGISTRY_ETCD_ENDPOINTS", "http://" + closed)
            .with("SKEP_CACHE_REDIS_SERVERS", closed)
            .with("SKEP_PUBSUB_NATS_SERVERS", "nats://" + closed)
            .launch()) {
      awaitLife(skep);

      Answer ready = skep.nobody().get("/q/health/ready").is(503);
      assertThat(ready.json().path("checks").findValuesAsText("status"))
          .hasSize(7)
          .containsOnly("DOWN");
      Answer refused = skep.nobody().get("/me").isProblem(503, "unavailable");
      assertThat(refused.text("detail")).contains("skep.roles has no web");
      for (String line : skep.output().lines().toList()) {
        assertThat(line).startsWith("{").endsWith("}");
      }
      assertThat(skep.output()).doesNotContain("not-in-any-output");
      assertThat(skep.data()).doesNotExist();
      skep.stop();
    }
  }

  @Test
  void theDoctorNamesWhatIsDownAndTouchesNothing() throws Exception {
    Skep doctor =
        Skep.on(Skep.newFolder("absent").resolve("data"))
            .with("SKEP_CONFIG_DRIVER", "etcd")
            .with("SKEP_CONFIG_ETCD_ENDPOINTS", "http://127.0.0.1:" + closedPort())
            .arguments("doctor", "--embedded")
            .launch();

    assertThat(doctor.awaitEnd(PATIENCE)).as(doctor::output).isEqualTo(1);
    assertThat(doctor.output())
        .containsPattern("config +etcd .* DOWN")
        .contains("One problem:", "skep.config.etcd.* says where", "docs/drivers/config-etcd.md")
        .doesNotContain("\tat ");
    assertThat(doctor.data()).doesNotExist();
  }

  @Test
  void theDoctorLeavesTheFolderOfARunningSkepAlone() {
    try (Skep skep = Skep.start()) {
      Skep doctor = Skep.on(skep.data()).arguments("doctor", "--embedded").launch();

      assertThat(doctor.awaitEnd(PATIENCE)).as(doctor::output).isZero();
      assertThat(doctor.output()).contains("in use by a running Skep", "All is well.");
      skep.admin().get("/me").is(200);
    }
  }

  private static Answer bearer(Skep skep, String secret) {
    return skep.nobody()
        .request("GET", "/q/metrics")
        .header("Authorization", "Bearer " + secret)
        .send();
  }

  private static void awaitLife(Skep skep) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!skep.output().contains("and waits for sql")) {
      assertThat(skep.process().isAlive()).as(skep::output).isTrue();
      assertThat(System.nanoTime() - end).as(skep::output).isNegative();
      Thread.sleep(50);
    }
    skep.nobody().get("/q/health/live").is(200);
  }

  private static String status(Answer ready, String port) {
    return named(ready.json().path("checks"), port).path("status").asText();
  }

  private static JsonNode port(Answer cluster, String name) {
    return named(cluster.json().path("ports"), name);
  }

  private static JsonNode named(JsonNode list, String name) {
    for (JsonNode each : list) {
      if (each.path("name").asText().equals(name)) {
        return each;
      }
    }
    throw new AssertionError("no " + name + " in " + list);
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
