package dev.skep.port.sql.embedded;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.sql.Work;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A read that waits for a reader or runs on one; its caller may cancel it at any moment. */
final class ReadCall<R extends @Nullable Object> {

  private final Work<R> work;
  private final CompletableFuture<Outcome<R>> answer = new CompletableFuture<>();
  private volatile boolean cancelled;

  // Guarded by this: an interrupt after the end would hit the next call on the same connection.
  private @Nullable SqliteConnection running;

  ReadCall(Work<R> work) {
    this.work = work;
  }

  synchronized boolean begin(SqliteConnection connection) {
    if (cancelled) {
      return false;
    }
    running = connection;
    return true;
  }

  synchronized void end() {
    running = null;
  }

  synchronized void cancel() {
    cancelled = true;
    if (running != null) {
      running.interrupt();
    }
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** Runs the function in the transaction that its reader has begun. */
  Outcome<R> run(SqliteTx tx) {
    try {
      return new Outcome.Returned<>(work.run(tx));
    } catch (Throwable t) {
      return new Outcome.Threw<>(t);
    } finally {
      tx.end();
    }
  }

  void answer(Outcome<R> outcome) {
    answer.complete(outcome);
  }

  void fail(RuntimeException failure) {
    answer.complete(new Outcome.Threw<>(failure));
  }

  /** Waits on the caller's thread; cancels the call when the time is over. */
  R await(Duration limit) {
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS).get();
    } catch (TimeoutException e) {
      cancel();
      throw new SkepException(
          ErrorCode.UNAVAILABLE, "reading took longer than " + limit.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      cancel();
      Thread.currentThread().interrupt();
      throw new SkepException(ErrorCode.UNAVAILABLE, "interrupted while reading", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("an answer is never exceptional", e);
    }
  }
}
