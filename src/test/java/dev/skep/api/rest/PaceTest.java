package dev.skep.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void aByteEveryFourSecondsIsGivenUpWithinTheWindow() {
    Pace pace = Pace.steady(Duration.ofSeconds(60));
    for (int i = 1; i <= 15; i++) {
      assertThat(pace.left()).isPositive();
      pace.came(1, pace.left() - 4 * SECOND);
    }
    assertThat(pace.left()).isNotPositive();
  }

  @Test
  void aKibibyteASecondGoesOnForEver() {
    Pace pace = Pace.steady(Duration.ofSeconds(60));
    for (int i = 1; i <= 10_000; i++) {
      pace.came(1024, pace.left() - SECOND);
      assertThat(pace.left()).isPositive();
    }
  }

  @Test
  void manyBytesAtOnceGiveNoCreditForLater() {
    Pace pace = Pace.steady(Duration.ofSeconds(60));
    pace.came(1 << 30, pace.left() - SECOND);
    assertThat(pace.left()).isEqualTo(60 * SECOND);
  }

  @Test
  void aShortBodyHasOneTimeForAllOfIt() {
    Pace pace = Pace.within(Duration.ofSeconds(10));
    pace.came(1 << 20, pace.left() - 6 * SECOND);
    pace.came(1 << 20, pace.left() - 4 * SECOND);
    assertThat(pace.left()).isNotPositive();
  }
}
