package dev.skep.port.sql.mysql;

import java.time.Duration;

/** A moment of the monotonic clock at which a call gives up. */
record Deadline(long nanos) {

  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** What is left, never negative. */
  Duration left() {
    return Duration.ofNanos(Math.max(nanos - System.nanoTime(), 0));
  }

  /** What is left, but no more than this. */
  Duration left(Duration atMost) {
    Duration left = left();
    return left.compareTo(atMost) < 0 ? left : atMost;
  }

  boolean isOver() {
    return left().isZero();
  }
}
