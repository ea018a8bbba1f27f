package dev.skep.common.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WriteBehindTest {

  private final AtomicInteger steps = new AtomicInteger();
  private final WriteBehind behind = new WriteBehind();

  @AfterEach
  void close() {
    behind.close();
  }

  @Test
  void oneIsRunningAtATimeAndIsWaitedFor() throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    behind.begin(
        () -> {
          awaitUninterrupted(mayEnd);
          steps.incrementAndGet();
        });
    assertThat(steps).as("steps that ended while the disk is busy").hasValue(0);
    mayEnd.countDown();
    behind.begin(steps::incrementAndGet);
    assertThat(steps.get()).as("steps that ended before the second began").isPositive();
    behind.await();
    assertThat(steps).as("steps").hasValue(2);
  }

  @Test
  void aFailureStaysThoughTheNextStepWouldSucceed() throws Exception {
    behind.begin(
        () -> {
          throw new IOException("Input/output error");
        });
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(behind::await).hasRootCauseMessage("Input/output error");
      assertThatThrownBy(() -> behind.begin(steps::incrementAndGet))
          .hasRootCauseMessage("Input/output error");
    }
    assertThat(steps).as("steps after a failed one").hasValue(0);
  }

  @Test
  void anInterruptedThreadWaitsAllTheSame() throws Exception {
    behind.begin(steps::incrementAndGet);
    Thread.currentThread().interrupt();
    behind.await();
    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    assertThat(steps).as("steps").hasValue(1);
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
