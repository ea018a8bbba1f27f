package dev.skep.common;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A virtual thread that goes round until somebody stops it, and rests between two rounds until
 * somebody wakes it. Thread-safe; an interrupt by what it runs stops nothing.
 */
public final class StoppableThread implements AutoCloseable {

  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean woken;
  private boolean stopped;

  /**
   * @param rounds ends soon once {@link #isStopped}
   */
  public StoppableThread(String name, Runnable rounds) {
    this.thread = Thread.ofVirtual().name(name).unstarted(rounds);
  }

  /** Called once. */
  public void start() {
    thread.start();
  }

  /** Stops it without waiting. */
  public void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops it and waits for its end, unless the call comes from there. */
  @Override
  public void close() {
    stop();
    if (Thread.currentThread() != thread) {
      Threads.join(thread);
    }
  }

  /** Waits for its end, at most so long, or until interrupted. */
  public void awaitEnd(Duration atMost) {
    try {
      thread.join(atMost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  /** There is something to do: a rest ends at once, until {@link #takeWake}. */
  public void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether it was woken since this was last asked. */
  public boolean takeWake() {
    lock.lock();
    try {
      boolean taken = woken;
      woken = false;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until it is stopped or woken, or the time is over. */
  public void rest(Duration atMost) {
    await(atMost, true);
  }

  /** Waits until it is stopped or the time is over. */
  public void pause(Duration atMost) {
    await(atMost, false);
  }

  private void await(Duration atMost, boolean orWoken) {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (!stopped && !(orWoken && woken) && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // What it runs interrupted its own thread; that is no reason to stop.
    } finally {
      lock.unlock();
    }
  }
}
