package dev.skep.port.sql.embedded;

import dev.skep.port.sql.Work;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A change that waits for the writer. Either the writer begins it or its caller withdraws it, never
 * both, so that whoever stops waiting knows whether it may have happened.
 */
final class WriteCall<R extends @Nullable Object> {

  private enum State {
    WAITING,
    BEGUN,
    WITHDRAWN
  }

  private final Work<R> work;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private final CompletableFuture<Outcome<R>> answer = new CompletableFuture<>();

  /** Of its last run; the writer's own. */
  private boolean forReserve;

  WriteCall(Work<R> work) {
    this.work = work;
  }

  boolean begin() {
    return state.compareAndSet(State.WAITING, State.BEGUN);
  }

  boolean withdraw() {
    return state.compareAndSet(State.WAITING, State.WITHDRAWN);
  }

  /** Runs the function in its own savepoint; nothing is told before {@link Ran#answer}. */
  Ran<R> run(SqliteTx tx) {
    Outcome<R> outcome;
    try {
      outcome = new Outcome.Returned<>(work.run(tx));
    } catch (Throwable t) {
      outcome = new Outcome.Threw<>(t);
    } finally {
      tx.end();
    }
    forReserve = tx.isForReserve();
    boolean keeps = outcome instanceof Outcome.Returned && !tx.isRollBackOnly();
    return new Ran<>(this, outcome, keeps);
  }

  /** Whether its last run, also one that failed, may use the reserve. */
  boolean isForReserve() {
    return forReserve;
  }

  void fail(RuntimeException failure) {
    answer.complete(new Outcome.Threw<>(failure));
  }

  Outcome<R> await(Duration limit) throws InterruptedException, TimeoutException {
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("an answer is never exceptional", e);
    }
  }

  /**
   * A function that has run and waits for the commit of its group.
   *
   * @param keeps whether its changes are part of the commit
   */
  record Ran<R extends @Nullable Object>(WriteCall<R> call, Outcome<R> outcome, boolean keeps) {

    /** The same call, undone and told why. */
    Ran<R> refused(RuntimeException why) {
      return new Ran<>(call, new Outcome.Threw<>(why), false);
    }

    void answer() {
      call.answer.complete(outcome);
    }
  }
}
