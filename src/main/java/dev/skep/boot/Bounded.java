package dev.skep.boot;

import java.time.Duration;

/** Does what may hang, for a limited time. */
final class Bounded {

  private Bounded() {}

  /**
   * Runs it on a thread of its own, which is left behind when the time is over.
   *
   * @return whether it has ended in time
   */
  static boolean run(String thread, Duration atMost, Runnable work) {
    Thread running = Thread.ofPlatform().daemon().name(thread).start(work);
    try {
      return running.join(atMost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
