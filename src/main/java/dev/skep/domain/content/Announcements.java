package dev.skep.domain.content;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Blob ids that this replica has announced in advance, many in one transaction, so that an upload
 * costs no forced commit of its own. An id is durable before it is handed out, handed out once, and
 * never comes back: what was not named in time is the sweeper's.
 */
final class Announcements {

  private final SqlStore sql;
  private final Ids newIds;
  private final InstantSource clock;
  private final Duration deadline;
  private final int batch;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<UUID> waiting = new ArrayDeque<>();
  private Instant due = Instant.MIN;

  /** Why the last announcement failed, if it did. */
  private volatile @Nullable SkepException failure;

  Announcements(SqlStore sql, Ids newIds, InstantSource clock, ContentConfig config) {
    this.sql = sql;
    this.newIds = newIds;
    this.clock = clock;
    this.deadline = config.announceDeadline();
    this.batch = config.announceBatch();
  }

  /**
   * An announced id with at least half of its time left. Whoever waits while an announcement fails
   * fails with it: a store that answers nobody would else let each wait in turn.
   */
  Announced take() {
    SkepException earlier = failure;
    lock.lock();
    try {
      Instant now = now();
      if (waiting.isEmpty() || tooLate(now, due)) {
        SkepException meanwhile = failure;
        if (meanwhile != null && meanwhile != earlier) {
          throw alike(meanwhile);
        }
        announce(now);
      }
      return new Announced(waiting.remove(), due);
    } finally {
      lock.unlock();
    }
  }

  private void announce(Instant now) {
    waiting.clear();
    Instant until = now.plus(deadline);
    List<UUID> ids = new ArrayList<>(batch);
    for (int i = 0; i < batch; i++) {
      ids.add(newIds.next());
    }
    try {
      sql.write(tx -> announce(tx, ids, until));
    } catch (SkepException e) {
      failure = e;
      throw e;
    }
    failure = null;
    waiting.addAll(ids);
    due = until;
  }

  /** Of what another one asked for, so nothing of this upload's own is in doubt. */
  private static SkepException alike(SkepException e) {
    ErrorCode code = e.code() == ErrorCode.UNKNOWN_OUTCOME ? ErrorCode.UNAVAILABLE : e.code();
    return new SkepException(code, e.detail(), e);
  }

  private static int announce(Tx tx, List<UUID> ids, Instant until) {
    ids.forEach(id -> tx.update(ContentSql.ANNOUNCE, id, BlobAddress.shard(id), until));
    return ids.size();
  }

  private boolean tooLate(Instant now, Instant until) {
    return now.plus(deadline.dividedBy(2)).isAfter(until);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** An id in use by one upload, on one thread. */
  final class Announced {

    private final UUID id;
    private Instant until;

    private Announced(UUID id, Instant until) {
      this.id = id;
      this.until = until;
    }

    UUID id() {
      return id;
    }

    /**
     * To be called while the upload goes on: gives it the whole time again once half has passed.
     *
     * @throws SkepException {@code blob-gone} when the sweeper came first
     */
    void keep() {
      Instant now = now();
      if (!tooLate(now, until)) {
        return;
      }
      Instant renewed = now.plus(deadline);
      if (sql.write(tx -> tx.update(ContentSql.RENEW, renewed, id)) != 1) {
        throw gone();
      }
      until = renewed;
    }
  }

  static SkepException gone() {
    return new SkepException(
        ErrorCode.BLOB_GONE,
        "The upload was interrupted for so long that its content has been collected. Send it again");
  }
}
