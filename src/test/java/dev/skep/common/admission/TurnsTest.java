package dev.skep.common.admission;

import static dev.skep.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Turns turns = new Turns(4, 8);

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  @Test
  void aFloodOfOnePersonLeavesTurnsForAnother() {
    List<Future<Permit>> flood = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      flood.add(threads.submit(() -> turns.take(Turns.Kind.READ, "anna")));
    }
    eventually("her turns are taken", LONG, () -> running(flood) == 4);
    turns.take(Turns.Kind.READ, "berta").close();
    assertThat(running(flood)).isEqualTo(4);
  }

  @Test
  void changesDoNotWaitForReads() {
    for (int i = 0; i < 4; i++) {
      turns.take(Turns.Kind.READ, "anna");
    }
    turns.take(Turns.Kind.CHANGE, "anna").close();
  }

  @Test
  void everyTurnThatEndsIsFreeAgain() {
    long all = turns.free();
    Permit read = turns.take(Turns.Kind.READ, "anna");
    Permit change = turns.take(Turns.Kind.CHANGE, "anna");
    assertThat(turns.free()).isEqualTo(all - 2);
    read.close();
    change.close();
    assertThat(turns.free()).isEqualTo(all);
  }

  private static long running(List<Future<Permit>> all) {
    return all.stream().filter(Future::isDone).count();
  }
}
