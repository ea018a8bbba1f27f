package dev.skep.port.sql.mysql;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.UnknownOutcomeException;
import dev.skep.port.sql.Work;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Runs functions in transactions of their own, on the calling thread, and again after a known
 * roll-back. Thread-safe.
 *
 * <p>A connection never commits by itself, so the first statement opens the transaction: its
 * snapshot is that of the first SELECT, which for a write comes after the update that serialises it
 * (P3).
 */
final class Transactions {

  /** For conflicts with other transactions: each repetition had its chance. */
  private static final int ATTEMPTS = 50;

  /** For lost connections: one to notice, one more server to try, one for bad luck. */
  private static final int CONNECTIONS = 3;

  private static final int FIRST_PAUSE_MILLIS = 5;
  private static final int LONGEST_PAUSE_MILLIS = 100;

  private final Sessions sessions;
  private final Limits limits;
  private final Placeholders placeholders = new Placeholders();
  private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);

  Transactions(Sessions sessions, Limits limits) {
    this.sessions = sessions;
    this.limits = limits;
  }

  <R extends @Nullable Object> R read(Work<R> work) {
    return run(work, false, Deadline.in(Limits.READ));
  }

  <R extends @Nullable Object> R write(Work<R> work) {
    return run(work, true, Deadline.in(Limits.WRITE));
  }

  <R extends @Nullable Object> R run(Work<R> work, boolean writes, Deadline deadline) {
    if (inside.get()) {
      throw new IllegalStateException("a function of the store calls the store; it has its Tx");
    }
    inside.set(true);
    try {
      return repeated(work, writes, deadline);
    } finally {
      inside.remove();
    }
  }

  private <R extends @Nullable Object> R repeated(Work<R> work, boolean writes, Deadline deadline) {
    int lost = 0;
    for (int attempt = 1; ; attempt++) {
      try {
        return once(work, writes, deadline);
      } catch (RolledBack e) {
        lost += MySqlErrors.hasLostServer(e.why) ? 1 : 0;
        if (attempt == ATTEMPTS || lost == CONNECTIONS || deadline.isOver()) {
          throw MySqlErrors.ofStore(e.why);
        }
        pause(attempt, deadline);
      }
    }
  }

  private <R extends @Nullable Object> R once(Work<R> work, boolean writes, Deadline deadline) {
    Session session = take(deadline);
    MySqlTx tx = new MySqlTx(session, writes, deadline, limits, placeholders);
    End end = End.UNKNOWN;
    try {
      R result = result(work, tx);
      if (!writes || tx.isRollBackOnly()) {
        end = End.TO_UNDO;
      } else {
        commit(session, tx, deadline);
        end = End.CLEAN;
      }
      return result;
    } catch (CommitFailed e) {
      end = e.end;
      throw e.told;
    } catch (Throwable t) {
      SqlFailure broken = tx.broken();
      end = broken == null ? End.TO_UNDO : End.of(broken);
      throw t;
    } finally {
      end(session, end);
    }
  }

  private static <R extends @Nullable Object> R result(Work<R> work, MySqlTx tx) {
    try {
      return work.run(tx);
    } finally {
      tx.end();
      SqlFailure broken = tx.broken();
      if (broken != null) {
        throwFor(broken);
      }
    }
  }

  /** Wins over what the function threw: that came of it, or saw what is undone. */
  private static void throwFor(SqlFailure broken) {
    if (MySqlErrors.isRepeatable(broken)) {
      throw new RolledBack(broken);
    }
    throw MySqlErrors.ofStore(broken);
  }

  private Session take(Deadline deadline) {
    try {
      return sessions.take(deadline);
    } catch (SqlFailure e) {
      throw new SkepException(
          ErrorCode.UNAVAILABLE, "the database server cannot be reached; nothing was changed", e);
    }
  }

  private void commit(Session session, MySqlTx tx, Deadline deadline) {
    if (deadline.left().compareTo(Limits.LEAST_COMMIT) < 0) {
      throw new SkepException(
          ErrorCode.UNAVAILABLE, "the time for the change was over; nothing was changed");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new SkepException(
          ErrorCode.UNAVAILABLE, "interrupted before the commit; nothing was changed");
    }
    try {
      session.run("COMMIT", deadline.left(Limits.COMMIT));
    } catch (SqlFailure e) {
      End end = End.of(e);
      if (MySqlErrors.isUndoneCommit(e)) {
        throw new CommitFailed(new RolledBack(e), end);
      }
      if (tx.hasChanged()) {
        throw new CommitFailed(
            new UnknownOutcomeException("the answer to the commit is lost", e), end);
      }
      throw new CommitFailed(
          MySqlErrors.isRepeatable(e) ? new RolledBack(e) : MySqlErrors.ofStore(e), end);
    }
  }

  private void end(Session session, End end) {
    switch (end) {
      case CLEAN -> sessions.giveBack(session);
      case TO_UNDO -> sessions.giveBackUndone(session);
      case ABANDONED -> sessions.abandon(session);
      case SERVER_SILENT -> sessions.leave(session, true);
      case SERVER_LEFT -> sessions.leave(session, false);
      case UNKNOWN -> sessions.discard(session);
    }
  }

  /** Different for each, so that those who met once do not meet again. */
  private static void pause(int attempt, Deadline deadline) {
    int longest = Math.min(FIRST_PAUSE_MILLIS * attempt, LONGEST_PAUSE_MILLIS);
    long millis = ThreadLocalRandom.current().nextLong(1, longest + 1L);
    try {
      Thread.sleep(Math.min(millis, deadline.left().toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SkepException(ErrorCode.UNAVAILABLE, "interrupted; nothing was changed", e);
    }
  }

  /** What is to be done with the session of a transaction. */
  private enum End {
    CLEAN,
    TO_UNDO,
    ABANDONED,
    SERVER_SILENT,
    SERVER_LEFT,
    UNKNOWN;

    static End of(SqlFailure e) {
      return switch (e.kind()) {
        case SILENT -> SERVER_SILENT;
        case LATE, INTERRUPTED -> ABANDONED;
        case LOST -> UNKNOWN;
        case REFUSED -> MySqlErrors.mustLeaveServer(e) ? SERVER_LEFT : ofAnswer(e);
      };
    }

    private static End ofAnswer(SqlFailure e) {
      return MySqlErrors.hasLostServer(e) ? UNKNOWN : TO_UNDO;
    }
  }

  /** Nothing of the transaction happened, and it may be run again. */
  private static final class RolledBack extends RuntimeException {

    private final transient SqlFailure why;

    RolledBack(SqlFailure why) {
      super(why);
      this.why = why;
    }
  }

  private static final class CommitFailed extends RuntimeException {

    private final transient RuntimeException told;
    private final transient End end;

    CommitFailed(RuntimeException told, End end) {
      super(told);
      this.told = told;
      this.end = end;
    }
  }
}
