package dev.skep.port.cache.redis;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Keeps callers from waiting, one after the other, for a server that does not answer: after a
 * failure one of them at a time tries whether it does again, at once or after a pause. Thread-safe.
 */
final class Breaker {

  private final LongSupplier nanoTime;
  private final AtomicBoolean trying = new AtomicBoolean();
  private volatile boolean good = true;
  private volatile long notBefore;

  Breaker(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Whether the caller may ask the server. He then tells how it ended. */
  boolean mayAsk() {
    if (good) {
      return true;
    }
    return nanoTime.getAsLong() - notBefore >= 0 && trying.compareAndSet(false, true);
  }

  void answered() {
    good = true;
    trying.set(false);
  }

  /**
   * @param pause how long nobody is to try again, in nanoseconds
   */
  void failed(long pause) {
    notBefore = nanoTime.getAsLong() + pause;
    good = false;
    trying.set(false);
  }
}
