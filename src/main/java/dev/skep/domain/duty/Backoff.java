package dev.skep.domain.duty;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waits twice as long after each failure: about 1 s first, about 4 min at most. */
final class Backoff {

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 8;

  private int failures;

  /** How long to wait after one more failure. */
  Duration failed() {
    long longest = FIRST.toNanos() << Math.min(failures, MOST_DOUBLINGS);
    failures++;
    return Duration.ofNanos(ThreadLocalRandom.current().nextLong(longest / 2, longest));
  }

  void succeeded() {
    failures = 0;
  }
}
