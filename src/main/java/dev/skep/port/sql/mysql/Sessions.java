package dev.skep.port.sql.mysql;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The sessions of this replica: at most so many, the last used one first, so that those which are
 * not needed grow old and close. Thread-safe.
 */
final class Sessions {

  /** For transactions that are still running when the store is closed. */
  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final Connector connector;
  private final Limits limits;
  private final int most;
  private final Semaphore permits;
  private final Deque<Session> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  Sessions(Connector connector, Limits limits, int most) {
    this.connector = connector;
    this.limits = limits;
    this.most = most;
    this.permits = new Semaphore(most, true);
  }

  /**
   * A session for the caller alone, which ends with exactly one of the methods below.
   *
   * @throws SkepException {@code unavailable} when none is free in time
   * @throws SqlFailure when none can be made
   */
  Session take(Deadline deadline) throws SqlFailure {
    acquire(deadline);
    boolean isTaken = false;
    try {
      Session session = idleOrNew(deadline);
      isTaken = true;
      return session;
    } finally {
      if (!isTaken) {
        permits.release();
      }
    }
  }

  /** After a transaction that has ended. */
  void giveBack(Session session) {
    if (!isOfUse(session)) {
      session.close();
    } else {
      idle.addFirst(session);
    }
    permits.release();
    if (closed) {
      closeIdle();
    }
  }

  /** After a transaction that is undone now, while the caller goes on. */
  void giveBackUndone(Session session) {
    session.rollBackLater(
        limits.answer(),
        isUndone -> {
          if (!isUndone) {
            session.abandon();
          }
          giveBack(session);
        });
  }

  /** After a failure that leaves its state unknown. */
  void discard(Session session) {
    session.abandon();
    permits.release();
  }

  /** While the server may still be at its statement. */
  void abandon(Session session) {
    connector.kill(session);
    discard(session);
  }

  /** After a failure that tells that its server is of no use: all sessions there go. */
  void leave(Session session, boolean isSilent) {
    connector.leave(session, isSilent);
    closeIdle();
    if (isSilent) {
      abandon(session);
    } else {
      discard(session);
    }
  }

  /** Waits a little for what is running, and until the connections have ended. */
  void close() {
    closed = true;
    List<Future<Void>> closing = closeIdle();
    try {
      permits.tryAcquire(most, CLOSE.toMillis(), TimeUnit.MILLISECONDS);
      closing.addAll(closeIdle());
      Future.join(closing)
          .toCompletionStage()
          .toCompletableFuture()
          .get(Session.POLITE.toMillis() * 2, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // They end by themselves.
    }
  }

  private Session idleOrNew(Deadline deadline) throws SqlFailure {
    Session known = idle.pollFirst();
    while (known != null) {
      if (isOfUse(known)) {
        return known;
      }
      known.close();
      known = idle.pollFirst();
    }
    return connector.connect(deadline);
  }

  private boolean isOfUse(Session session) {
    return session.isUsable() && connector.isCurrent(session);
  }

  private void acquire(Deadline deadline) {
    if (closed) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "the database is closed");
    }
    try {
      if (!permits.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new SkepException(
            ErrorCode.UNAVAILABLE, "no connection to the database was free; nothing was changed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SkepException(
          ErrorCode.UNAVAILABLE, "interrupted while waiting; nothing was changed", e);
    }
  }

  private List<Future<Void>> closeIdle() {
    List<Future<Void>> closing = new ArrayList<>();
    for (Session each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
      closing.add(each.close());
    }
    return closing;
  }
}
