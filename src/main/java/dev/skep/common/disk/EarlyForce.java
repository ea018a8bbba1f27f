package dev.skep.common.disk;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Forces a file on another thread while it is still being written, at most once at a time. The
 * first failure stays: the system tells it only once, and a later force would succeed for nothing
 * (P2). Called by one thread at a time.
 */
final class EarlyForce {

  /** The force itself. */
  interface Force {
    void run() throws IOException;
  }

  private final Callable<@Nullable Void> force;
  private @Nullable FutureTask<@Nullable Void> running;

  EarlyForce(Force force) {
    this.force =
        () -> {
          force.run();
          return null;
        };
  }

  /** Begins a force unless one is running. */
  void begin() throws IOException {
    if (running != null && !running.isDone()) {
      return;
    }
    await();
    running = new FutureTask<>(force);
    Thread.ofPlatform().daemon().name("early-force").start(running);
  }

  /**
   * Waits for the force that is running, if any, and cannot be interrupted meanwhile.
   *
   * @throws IOException when a force has failed; so does each further call
   */
  void await() throws IOException {
    if (running == null) {
      return;
    }
    boolean interrupted = false;
    try {
      while (true) {
        try {
          running.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          Throwable cause = e.getCause();
          throw new IOException(cause == null ? null : cause.getMessage(), cause);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
