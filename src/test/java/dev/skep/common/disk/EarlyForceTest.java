package dev.skep.common.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EarlyForceTest {

  private final AtomicInteger forces = new AtomicInteger();

  @Test
  void oneIsRunningAtATimeAndIsWaitedFor() throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    EarlyForce early =
        new EarlyForce(
            () -> {
              awaitUninterrupted(mayEnd);
              forces.incrementAndGet();
            });
    early.begin();
    early.begin();
    assertThat(forces).as("forces that ended while the disk is busy").hasValue(0);
    mayEnd.countDown();
    early.await();
    assertThat(forces).as("forces begun twice at once").hasValue(1);
    early.begin();
    early.await();
    assertThat(forces).as("forces begun again").hasValue(2);
  }

  @Test
  void aFailureStaysThoughTheNextForceWouldSucceed() throws Exception {
    EarlyForce early =
        new EarlyForce(
            () -> {
              if (forces.incrementAndGet() == 1) {
                throw new IOException("Input/output error");
              }
            });
    early.begin();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(early::await).hasRootCauseMessage("Input/output error");
      assertThatThrownBy(early::begin).hasRootCauseMessage("Input/output error");
    }
    assertThat(forces).as("forces after a failed one").hasValue(1);
  }

  @Test
  void anInterruptedThreadWaitsAllTheSame() throws Exception {
    EarlyForce early = new EarlyForce(forces::incrementAndGet);
    early.begin();
    Thread.currentThread().interrupt();
    early.await();
    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    assertThat(forces).as("forces").hasValue(1);
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
