package dev.skep.common;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What is so now, and a way to wait for the next state. Thread-safe. */
public final class Latest<S> {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private volatile S state;

  public Latest(S state) {
    this.state = state;
  }

  public S get() {
    return state;
  }

  public void set(S next) {
    state = next;
    wakeAll();
  }

  /** Lets everyone who waits look at his end condition again. */
  public void wakeAll() {
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
  public @Nullable S awaitAfter(@Nullable S seen, BooleanSupplier ended) {
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
