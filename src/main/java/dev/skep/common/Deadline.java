package dev.skep.common;

import java.time.Duration;

/**
 * When several things that are waited for one after the other have to be done together.
 *
 * @param nanos by {@link System#nanoTime}
 */
public record Deadline(long nanos) {

  public static Deadline in(Duration atMost) {
    return new Deadline(System.nanoTime() + atMost.toNanos());
  }

  /** Never less than a nanosecond, so that what is done already is seen to be. */
  public Duration left() {
    return Duration.ofNanos(Math.max(1, nanos - System.nanoTime()));
  }
}
