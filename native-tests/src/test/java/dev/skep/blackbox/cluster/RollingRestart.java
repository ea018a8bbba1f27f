package dev.skep.blackbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.People;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All replicas are replaced, one after the other, while clients go on. */
abstract class RollingRestart {

  private static final int CLIENTS = 6;

  private final Replicas replicas;
  private final People people;

  RollingRestart(Replicas replicas) {
    this.replicas = replicas;
    this.people = new People(replicas.get(0).admin());
  }

  @Test
  void failsNoRequestThatMayBeRepeatedAndLosesNothing() throws Exception {
    List<Replica> old = replicas.all();
    List<String> oldIds = old.stream().map(Replica::id).toList();
    Load load = Load.on(replicas, people.workspace("rolling"), CLIENTS);
    awaitRequests(load, 100);
    long longestStop = 0;
    for (Replica each : old) {
      long begin = System.nanoTime();
      each.stop();
      longestStop = Math.max(longestStop, (System.nanoTime() - begin) / 1_000_000);
      awaitRequests(load, 20);
      replicas.start();
      awaitRequests(load, 50);
    }
    load.stop();
    System.out.printf(
        "rolling restart of %d replicas, the longest stop took %d ms: %s%n",
        old.size(), longestStop, load.report());

    assertThat(replicas.all()).hasSize(old.size()).doesNotContainAnyElementsOf(old);
    replicas.all().forEach(load::isWholeAt);
    assertThat(replicas.servers().heartbeats())
        .as("who says good-bye leaves no row behind that others would have to judge")
        .containsAll(replicas.all().stream().map(Replica::id).toList())
        .doesNotContainAnyElementsOf(oldIds);
  }

  private static void awaitRequests(Load load, int more) throws InterruptedException {
    int wanted = load.requests() + more;
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (load.requests() < wanted) {
      assertThat(System.nanoTime() - end).as("requests go on").isNegative();
      Thread.sleep(20);
    }
  }
}
