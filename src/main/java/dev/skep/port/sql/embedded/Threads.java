package dev.skep.port.sql.embedded;

/**
 * Waiting that an interrupt does not end, since a connection may not be closed under its thread.
 */
final class Threads {

  private Threads() {}

  static void join(Thread thread) {
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
}
