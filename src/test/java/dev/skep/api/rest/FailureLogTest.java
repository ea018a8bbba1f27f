package dev.skep.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailureLogTest {

  private final AtomicLong now = new AtomicLong();
  private final FailureLog log = new FailureLog(now::get);

  @Test
  void aKindIsLoggedOnceAMinuteWithHowManyWereLeftOut() {
    assertThat(log.leftOut("a")).isZero();
    assertThat(log.leftOut("a")).isEqualTo(-1);
    assertThat(log.leftOut("a")).isEqualTo(-1);
    assertThat(log.leftOut("b")).as("another kind").isZero();
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(log.leftOut("a")).isEqualTo(2);
    assertThat(log.leftOut("a")).isEqualTo(-1);
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(log.leftOut("a")).isEqualTo(1);
  }

  @Test
  void kindsAreForgottenBeforeTheyFillTheMemory() {
    log.leftOut("first");
    for (int i = 0; i < 1_000; i++) {
      log.leftOut("kind " + i);
    }
    assertThat(log.leftOut("first")).isZero();
  }

  @Test
  void aMessageIsCutAndTheTraceStays() {
    Throwable cause = new IllegalStateException("x".repeat(30_000));
    RuntimeException error = new RuntimeException("short", cause);
    Throwable cut = FailureLog.cut(error, 8);
    assertThat(cut).hasMessage("java.lang.RuntimeException: short");
    assertThat(cut.getStackTrace()).isEqualTo(error.getStackTrace());
    assertThat(cut.getCause().getMessage()).hasSizeLessThan(600);
  }

  @Test
  void aShortMessageIsLoggedAsItIs() {
    RuntimeException error = new RuntimeException("short");
    assertThat(FailureLog.cut(error, 8)).isSameAs(error);
  }
}
