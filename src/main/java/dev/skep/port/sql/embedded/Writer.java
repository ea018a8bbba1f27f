package dev.skep.port.sql.embedded;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.Threads;
import dev.skep.common.UnknownOutcomeException;
import dev.skep.port.sql.Work;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes (P17): it takes what waits, never waiting for company, runs each
 * change in its own savepoint, commits once and then answers.
 */
final class Writer {

  private static final Logger LOG = Logger.getLogger(Writer.class);
  private static final int GROUP = 64;

  /** Nothing to write for so long: time to tidy up. */
  private static final long IDLE_MILLIS = 1_000;

  private static final long TIDYING_MILLIS = 20;

  private final SqliteConnection connection;
  private final Checkpoints checkpoints;
  private final Reserve reserve;
  private final Duration limit;
  private final BlockingQueue<WriteCall<?>> waiting = new LinkedBlockingQueue<>();
  private final WriteCall<String> stop = new WriteCall<>(tx -> "stop");
  private final Thread thread = new Thread(this::serve, "skep-sql-writer");
  private volatile boolean closed;
  private boolean isTidy;
  private long idleMillis = IDLE_MILLIS;
  private volatile @Nullable Throwable failedForce;

  Writer(SqliteConnection connection, Reserve reserve, Duration limit) {
    this.connection = connection;
    this.checkpoints = new Checkpoints(connection);
    this.reserve = reserve;
    this.limit = limit;
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits on the caller's thread until the change is durable or known not to have happened. */
  <R extends @Nullable Object> R run(Work<R> work) {
    writable();
    WriteCall<R> call = new WriteCall<>(work);
    waiting.add(call);
    if (closed && call.withdraw()) {
      throw closed();
    }
    return await(call).get();
  }

  boolean owns(Thread other) {
    return other == thread;
  }

  /**
   * @throws SkepException {@code unavailable} after a failed force, until the restart
   */
  void writable() {
    Throwable cause = failedForce;
    if (cause != null) {
      throw refused(cause);
    }
    if (closed) {
      throw closed();
    }
  }

  private static SkepException refused(Throwable cause) {
    return new SkepException(
        ErrorCode.UNAVAILABLE,
        "the disk failed to keep a change; nothing is written until Skep is started again",
        cause);
  }

  /** Finishes what waits. */
  void close() {
    closed = true;
    waiting.add(stop);
    Threads.join(thread);
  }

  private static SkepException closed() {
    return new SkepException(ErrorCode.UNAVAILABLE, "the database is closed; nothing was changed");
  }

  private <R extends @Nullable Object> Outcome<R> await(WriteCall<R> call) {
    try {
      return awaitOnce(call);
    } catch (TimeoutException e) {
      if (call.withdraw()) {
        throw new SkepException(
            ErrorCode.UNAVAILABLE,
            "the change waited longer than " + limit.toSeconds() + " s; nothing was changed",
            e);
      }
    }
    try {
      return awaitOnce(call);
    } catch (TimeoutException e) {
      throw new UnknownOutcomeException("the disk does not answer", e);
    }
  }

  private <R extends @Nullable Object> Outcome<R> awaitOnce(WriteCall<R> call)
      throws TimeoutException {
    try {
      return call.await(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (call.withdraw()) {
        throw new SkepException(
            ErrorCode.UNAVAILABLE, "interrupted while waiting; nothing was changed", e);
      }
      throw new UnknownOutcomeException("interrupted while the change was made", e);
    }
  }

  private void serve() {
    List<WriteCall<?>> group = new ArrayList<>(GROUP);
    boolean stopping = false;
    while (!stopping) {
      group.clear();
      group.add(next());
      waiting.drainTo(group, GROUP - 1);
      stopping = group.remove(stop);
      serve(group);
    }
  }

  /** The thread outlives whatever is thrown: it is the only one that writes. */
  private void serve(List<WriteCall<?>> group) {
    try {
      write(group.stream().filter(WriteCall::begin).toList());
    } catch (Throwable unexpected) {
      giveUp(unexpected);
      group.forEach(
          call ->
              call.fail(new UnknownOutcomeException("the writer failed unexpectedly", unexpected)));
    }
  }

  private WriteCall<?> next() {
    while (true) {
      try {
        WriteCall<?> next = isTidy ? waiting.take() : waiting.poll(idleMillis, MILLISECONDS);
        if (next != null) {
          isTidy = false;
          idleMillis = IDLE_MILLIS;
          return next;
        }
        isTidy = !giveBack();
        idleMillis = TIDYING_MILLIS;
      } catch (InterruptedException e) {
        // Nobody but a function can have interrupted this thread: it goes on.
      }
    }
  }

  /** Whether there may be more to give back to the disk. */
  private boolean giveBack() {
    if (failedForce != null) {
      return false;
    }
    try {
      return checkpoints.giveBack();
    } catch (SQLException | RuntimeException e) {
      // A reader that holds the log, or a full disk: the next idle moment tries again.
      giveUpAfterFailedForce(e);
      return false;
    }
  }

  private void write(List<? extends WriteCall<?>> group) {
    if (group.isEmpty()) {
      return;
    }
    Throwable undone = tryWrite(group);
    if (undone == null) {
      return;
    }
    if (group.size() > 1) {
      // All of it is undone; alone, each finds out whether the failure was its own.
      group.forEach(call -> write(List.of(call)));
      return;
    }
    WriteCall<?> call = group.getFirst();
    if (!(undone instanceof SQLException failure)) {
      LOG.error("A change failed unexpectedly and was undone", undone);
      call.fail(
          new SkepException(
              ErrorCode.UNAVAILABLE, "the database failed; nothing was changed", undone));
      return;
    }
    if (SqliteErrors.isFull(failure) && call.isForReserve() && makeRoom()) {
      write(group);
      return;
    }
    call.fail(SqliteErrors.ofStore(failure));
  }

  /** Whether there is room now that was not there before; ends with the reserve. */
  private boolean makeRoom() {
    try {
      if (checkpoints.makeRoom()) {
        return true;
      }
    } catch (SQLException e) {
      giveUpAfterFailedForce(e);
    }
    return reserve.giveUp();
  }

  /**
   * Runs the group in one transaction and answers all of it.
   *
   * @return why nothing of it happened and nobody was answered yet, or null
   */
  private @Nullable Throwable tryWrite(List<? extends WriteCall<?>> group) {
    Throwable failed = failedForce;
    if (failed != null) {
      group.forEach(call -> call.fail(refused(failed)));
      return null;
    }
    try {
      connection.run("BEGIN IMMEDIATE");
    } catch (SQLException e) {
      group.forEach(call -> call.fail(SqliteErrors.ofStore(e)));
      return null;
    }
    List<WriteCall.Ran<?>> ran = new ArrayList<>(group.size());
    try {
      for (WriteCall<?> call : group) {
        ran.add(inSavepoint(call));
      }
    } catch (Throwable e) {
      return rolledBack(e);
    }
    try {
      connection.run("COMMIT");
    } catch (Throwable e) {
      if (e instanceof SQLException failure && SqliteErrors.isKnownRollBack(failure)) {
        return rolledBack(e);
      }
      giveUp(e);
      ran.forEach(each -> each.call().fail(lost(each, e)));
      return null;
    }
    ran.forEach(WriteCall.Ran::answer);
    checkpoint();
    return null;
  }

  private <R extends @Nullable Object> WriteCall.Ran<R> inSavepoint(WriteCall<R> call)
      throws SQLException {
    connection.run("SAVEPOINT change");
    SqliteTx tx = SqliteTx.forWriting(connection);
    WriteCall.Ran<R> ran = call.run(tx);
    SQLException broken = tx.broken();
    if (broken != null) {
      throw broken;
    }
    if (ran.keeps() && !tx.isForReserve() && !reserve.isThere()) {
      ran = ran.refused(reserve.tooLittleRoom());
    }
    if (!ran.keeps()) {
      connection.run("ROLLBACK TO change");
    }
    connection.run("RELEASE change");
    return ran;
  }

  private Throwable rolledBack(Throwable cause) {
    giveUpAfterFailedForce(cause);
    try {
      connection.rollBack();
    } catch (Throwable e) {
      cause.addSuppressed(e);
      giveUp(cause);
    }
    return cause;
  }

  /** Whether its frames reached the disk is unknown, unless the change was undone before. */
  private static SkepException lost(WriteCall.Ran<?> ran, Throwable cause) {
    return ran.keeps()
        ? new UnknownOutcomeException("the disk failed during the commit", cause)
        : new SkepException(ErrorCode.UNAVAILABLE, "the disk failed; nothing was changed", cause);
  }

  private void checkpoint() {
    try {
      checkpoints.afterCommit();
    } catch (SQLException e) {
      // Else the log keeps all of it, and the next commit tries again.
      giveUpAfterFailedForce(e);
    } catch (Throwable e) {
      LOG.error("The log was not carried over; the next commit tries again", e);
    }
  }

  private void giveUpAfterFailedForce(Throwable e) {
    if (e instanceof SQLException failure && SqliteErrors.isFailedForce(failure)) {
      giveUp(e);
    }
  }

  /** P2: a failed force is never repeated as if it had worked. */
  private void giveUp(Throwable cause) {
    if (failedForce == null) {
      failedForce = cause;
    }
  }
}
