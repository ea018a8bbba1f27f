package dev.skep.common.disk;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Does one step at a time on another thread while the caller prepares the next one. The first
 * failure stays: the system tells it only once (P2). Called by one thread at a time.
 */
final class WriteBehind implements AutoCloseable {

  /** One piece of work on the file. */
  interface Step {
    void run() throws IOException;
  }

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("write-behind").factory());
  private @Nullable Future<@Nullable Void> running;

  /**
   * Begins a step once the one before has ended.
   *
   * @throws IOException when a step has failed; so does each further call
   */
  void begin(Step step) throws IOException {
    await();
    Callable<@Nullable Void> task =
        () -> {
          step.run();
          return null;
        };
    running = thread.submit(task);
  }

  /**
   * Waits for the step that is running, if any, and cannot be interrupted meanwhile.
   *
   * @throws IOException when a step has failed; so does each further call
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

  /** Waits for the step that is running, whatever comes of it, and ends the thread. */
  @Override
  public void close() {
    try {
      await();
    } catch (IOException e) {
      // Whoever needed the step to succeed has asked.
    }
    thread.shutdown();
  }
}
