package dev.skep.common;

import static dev.skep.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rests, wakes and ends. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoppableThreadTest {

  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SOON = Duration.ofSeconds(20);

  private final AtomicInteger rounds = new AtomicInteger();
  private final AtomicReference<StoppableThread> thread = new AtomicReference<>();

  @AfterEach
  void stop() {
    thread.get().stop();
  }

  private StoppableThread start(Runnable round) {
    StoppableThread made =
        new StoppableThread(
            "test",
            () -> {
              while (!thread.get().isStopped()) {
                round.run();
                rounds.incrementAndGet();
              }
            });
    thread.set(made);
    made.start();
    return made;
  }

  @Test
  void aWakeEndsOneRest() {
    StoppableThread resting =
        start(
            () -> {
              thread.get().rest(LONG);
              thread.get().takeWake();
            });
    resting.wake();
    eventually("a round", SOON, () -> rounds.get() == 1);
    resting.wake();
    eventually("another one", SOON, () -> rounds.get() == 2);
  }

  @Test
  void aWakeBeforeTheRestIsNotMissed() {
    StoppableThread early = new StoppableThread("test", rounds::incrementAndGet);
    thread.set(early);
    early.wake();
    early.rest(LONG);
    assertThat(early.takeWake()).isTrue();
    assertThat(early.takeWake()).isFalse();
  }

  @Test
  void aPauseIsNotEndedByAWakeButByTheStop() {
    AtomicBoolean ended = new AtomicBoolean();
    StoppableThread pausing =
        start(
            () -> {
              thread.get().pause(LONG);
              ended.set(true);
            });
    pausing.wake();
    pausing.awaitEnd(Duration.ofMillis(200));
    assertThat(ended).isFalse();
    pausing.close();
    assertThat(ended).isTrue();
  }

  @Test
  void closingFromWithinDoesNotWaitForItself() {
    StoppableThread closing = start(() -> thread.get().close());
    closing.awaitEnd(SOON);
    assertThat(rounds).hasValue(1);
  }

  @Test
  void anInterruptByWhatItRunsStopsNothing() {
    start(
        () -> {
          Thread.currentThread().interrupt();
          thread.get().rest(LONG);
        });
    eventually("it goes on", SOON, () -> rounds.get() > 2);
  }
}
