package dev.skep.api.rest;

import java.time.Duration;

/**
 * How slowly a body may come. Only the time counts in which the server waits for the client. Used
 * by one thread.
 */
final class Pace {

  /** Far below any link that is in use, but more than a client sends that only holds on. */
  private static final int LEAST_BYTES_PER_SECOND = 1024;

  private final Duration window;
  private final long least;
  private long left;
  private long came;

  private Pace(Duration window, long least) {
    this.window = window;
    this.least = least;
    this.left = window.toNanos();
  }

  /** A body of any length: this much waiting must bring 1 KiB for each second of it. */
  static Pace steady(Duration window) {
    return new Pace(window, window.toMillis() * LEAST_BYTES_PER_SECOND / 1000);
  }

  /** A short body: all of it within this time. */
  static Pace within(Duration all) {
    return new Pace(all, Long.MAX_VALUE);
  }

  /** How long may still be waited for more, in nanoseconds. */
  long left() {
    return left;
  }

  /**
   * @param stillLeft of {@link #left} once these bytes had come
   */
  void came(int bytes, long stillLeft) {
    came += bytes;
    left = stillLeft;
    if (came >= least) {
      came = 0;
      left = window.toNanos();
    }
  }

  @Override
  public String toString() {
    return "within " + window.toSeconds() + " s";
  }
}
