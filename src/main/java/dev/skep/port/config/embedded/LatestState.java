package dev.skep.port.config.embedded;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The settings as they are durable now, and a way to wait for the next ones. Thread-safe. */
final class LatestState {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private volatile State state;

  LatestState(State state) {
    this.state = state;
  }

  State get() {
    return state;
  }

  void set(State next) {
    state = next;
    wakeAll();
  }

  /** Lets everyone who waits look at his end condition again. */
  void wakeAll() {
    lock.lock();
    try {
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a state other than the one seen.
   *
   * @return absent once {@code ended} holds
   */
  @Nullable State awaitAfter(@Nullable State seen, BooleanSupplier ended) {
    lock.lock();
    try {
      while (state == seen && !ended.getAsBoolean()) {
        woken.awaitUninterruptibly();
      }
      return ended.getAsBoolean() ? null : state;
    } finally {
      lock.unlock();
    }
  }
}
