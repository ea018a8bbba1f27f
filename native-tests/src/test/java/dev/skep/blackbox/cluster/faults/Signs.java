package dev.skep.blackbox.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.blackbox.Answer;
import dev.skep.blackbox.cluster.Replica;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** How a replica shows what is down. */
final class Signs {

  private Signs() {}

  static boolean ofLife(Replica replica) {
    try {
      return replica.nobody().get("/q/health/live").status() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Readiness names exactly the ports of the row as down, and is false for the tree's only. */
  static boolean tell(Replica replica, Row row) {
    return tell(replica, row.ports(), row.holdsReadinessBack() ? 503 : 200);
  }

  /** Readiness is so, and names exactly these ports as down. */
  static boolean tell(Replica replica, List<String> ports, int status) {
    Answer ready = replica.nobody().get("/q/health/ready");
    Set<String> down = new TreeSet<>();
    for (JsonNode check : ready.json().path("checks")) {
      if (check.path("status").asText().equals("DOWN")) {
        down.add(check.path("name").asText());
      }
    }
    return ready.status() == status && down.equals(new TreeSet<>(ports));
  }

  /** The page shows the same, and why; without the registry, the replicas that were known last. */
  static void eventuallyOnTheClusterPage(Replica replica, List<String> ports, Duration patience)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        onTheClusterPage(replica.admin().get("/cluster").is(200).json(), ports);
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(200);
      }
    }
  }

  private static void onTheClusterPage(JsonNode page, List<String> down) {
    for (JsonNode port : page.path("ports")) {
      boolean isDown = down.contains(port.path("name").asText());
      assertThat(port.path("up").asBoolean()).as(port.toString()).isEqualTo(!isDown);
      if (isDown) {
        assertThat(port.path("problem").asText()).as(port.toString()).isNotBlank();
      }
    }
    assertThat(page.path("asOf").asText()).isNotBlank();
    if (down.contains("registry")) {
      assertThat(page.path("warnings").toString()).contains("registry: it does not answer");
      assertThat(page.path("replicas")).isNotEmpty();
    }
  }

  /** Whether somebody holds each shard of each duty. */
  static boolean dutiesAreHeld(Replica replica) {
    for (JsonNode duty : replica.admin().get("/cluster").is(200).json().path("duties")) {
      for (JsonNode shard : duty.path("shards")) {
        if (shard.path("holder").asText().isEmpty()) {
          return false;
        }
      }
    }
    return true;
  }

  /** What befalls servers is no error of Skep's, and not logged as one. */
  static void noFaultOfSkep(Replica replica) {
    assertThat(replica.skep().output().lines())
        .noneMatch(
            line ->
                line.contains("\"level\":\"ERROR\"")
                    && line.contains("\"loggerName\":\"dev.skep."));
  }

  /** How long a request takes, of fifteen. */
  static long medianMillis(Runnable request) {
    List<Long> took = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      long began = System.nanoTime();
      request.run();
      took.add(System.nanoTime() - began);
    }
    took.sort(null);
    return Duration.ofNanos(took.get(took.size() / 2)).toMillis();
  }
}
