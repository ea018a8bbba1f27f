package dev.skep.common;

import java.time.Duration;

/** Waiting for threads to end. */
public final class Threads {

  private Threads() {}

  /** Waits until it has ended; an interrupt does not end the waiting, and is kept for later. */
  public static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until all but the one that calls have ended, at most so long for all together, or until
   * interrupted, which is kept for later.
   */
  public static void joinAll(Iterable<Thread> threads, Duration atMost) {
    Deadline deadline = Deadline.in(atMost);
    try {
      for (Thread thread : threads) {
        if (thread != Thread.currentThread()) {
          thread.join(deadline.left());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
