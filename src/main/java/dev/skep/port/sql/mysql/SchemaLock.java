package dev.skep.port.sql.mysql;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Lets one replica at a time change the schema: a row with a lease by the server's clock, since a
 * Galera cluster has no GET_LOCK. The lease of a replica that was killed ends by itself.
 */
final class SchemaLock implements AutoCloseable {

  static final String TABLE = "skep_schema_lock";

  private static final Logger LOG = Logger.getLogger(SchemaLock.class);
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration RENEWAL = LEASE.dividedBy(3);

  private static final String MAKE =
      "CREATE TABLE IF NOT EXISTS "
          + TABLE
          + " (one INTEGER NOT NULL PRIMARY KEY, holder BINARY(16) NOT NULL, held_until BIGINT NOT"
          + " NULL) ENGINE=InnoDB";
  private static final String FILL =
      "INSERT IGNORE INTO " + TABLE + " (one, holder, held_until) VALUES (1, 0, 0)";
  private static final String NOW = "CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)";
  private static final String HOLD =
      "UPDATE "
          + TABLE
          + " SET holder = ?, held_until = "
          + NOW
          + " + ? WHERE one = 1 AND (holder = ? OR held_until < "
          + NOW
          + ")";
  private static final String GIVE_BACK =
      "UPDATE " + TABLE + " SET held_until = 0 WHERE one = 1 AND holder = ?";

  private final Connector connector;
  private final Limits limits;
  private final StepWatch watch;
  private final Buffer holder = Buffer.buffer(random());
  private final CountDownLatch given = new CountDownLatch(1);
  private @Nullable Thread renewal;

  private SchemaLock(Connector connector, Limits limits, StepWatch watch) {
    this.connector = connector;
    this.limits = limits;
    this.watch = watch;
  }

  /**
   * Takes it, unless another replica holds it; {@link #isHeld} tells.
   *
   * @param watch looks at the steps whenever it is renewed
   */
  static SchemaLock take(Connector connector, Limits limits, StepWatch watch) throws SqlFailure {
    SchemaLock lock = new SchemaLock(connector, limits, watch);
    Session session = connector.connect(Deadline.in(Limits.OPEN));
    try {
      session.run(MAKE, limits.answer());
      session.run(FILL, limits.answer());
      session.run("COMMIT", limits.answer());
      if (lock.hold(session)) {
        lock.renewal = Thread.ofVirtual().name("sql-schema-lock").start(lock::renew);
      }
    } catch (SqlFailure e) {
      // The nodes of a Galera cluster find out at the commit that another one was faster.
      if (!MySqlErrors.isConflict(e)) {
        throw e;
      }
    } finally {
      session.close();
    }
    return lock;
  }

  boolean isHeld() {
    return renewal != null;
  }

  @Override
  public void close() {
    Thread running = renewal;
    if (running == null) {
      return;
    }
    given.countDown();
    try {
      running.join(limits.answer());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean hold(Session session) throws SqlFailure {
    Tuple row = Tuple.of(holder, TimeUnit.NANOSECONDS.toMicros(LEASE.toNanos()), holder);
    int count = session.run(HOLD, row, 0, limits.answer()).count();
    session.run("COMMIT", limits.answer());
    return count == 1;
  }

  private void renew() {
    try {
      while (!given.await(RENEWAL.toMillis(), TimeUnit.MILLISECONDS)) {
        renewOnce();
      }
      giveBack();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void renewOnce() {
    try {
      Session session = connector.connect(Deadline.in(RENEWAL));
      try {
        hold(session);
        watch.look(session, limits.answer());
      } finally {
        session.close();
      }
    } catch (SqlFailure | RuntimeException e) {
      // Tried again before the lease is over; a step that overlaps with another's is harmless.
      LOG.debugf(e, "sql: the lock of the schema was not renewed");
    }
  }

  private void giveBack() {
    try {
      Session session = connector.connect(Deadline.in(limits.connect()));
      try {
        session.run(GIVE_BACK, Tuple.of(holder), 0, limits.answer());
        session.run("COMMIT", limits.answer());
      } finally {
        session.close();
      }
    } catch (SqlFailure e) {
      LOG.debugf(e, "sql: the lock of the schema ends with its lease");
    }
  }

  private static byte[] random() {
    UUID id = UUID.randomUUID();
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }
}
