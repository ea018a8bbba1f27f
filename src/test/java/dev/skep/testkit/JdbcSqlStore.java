package dev.skep.testkit;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.UnknownOutcomeException;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Work;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/**
 * The tables on MariaDB or MySQL over JDBC, so that the domain's statements and its concurrency are
 * tried where they bite (P3, P4) before there is a driver for it.
 */
public final class JdbcSqlStore implements SqlStore, AutoCloseable {

  /** One for each thread of the largest race, so that the database decides who waits. */
  private static final int CONNECTIONS = 128;

  private static final int ATTEMPTS = 50;
  private static final int WAIT_SECONDS = 30;

  private final String url;
  private final Semaphore permits = new Semaphore(CONNECTIONS);
  private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
  private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);

  /**
   * @param url of a database, as {@link MariaDbServer#newDatabase} makes it
   */
  public JdbcSqlStore(String url) {
    // Matched rows, and small integers as what they are: both are otherwise the client's choice.
    this.url = url + "&useAffectedRows=false&tinyInt1isBit=false";
  }

  /** Brings the schema up from a folder of the class path: {@code db/mysql}. */
  public JdbcSqlStore migrate(String location) {
    Flyway.configure().dataSource(url, null, null).locations(location).load().migrate();
    return this;
  }

  @Override
  public <R extends @Nullable Object> R read(Work<R> work) {
    return transaction("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", false, work);
  }

  @Override
  public <R extends @Nullable Object> R write(Work<R> work) {
    return transaction("START TRANSACTION", true, work);
  }

  /** A connection for what a test does beside the port: status variables, ANALYZE. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }

  @Override
  public void close() {
    idle.forEach(JdbcSqlStore::discard);
    idle.clear();
  }

  private <R extends @Nullable Object> R transaction(String begin, boolean writes, Work<R> work) {
    if (inside.get()) {
      throw new IllegalStateException("a function of the store calls the store; it has its Tx");
    }
    acquire();
    inside.set(true);
    try {
      return repeated(begin, writes, work);
    } finally {
      inside.set(false);
      permits.release();
    }
  }

  private <R extends @Nullable Object> R repeated(String begin, boolean writes, Work<R> work) {
    SQLException last = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return once(begin, writes, work);
      } catch (RolledBack e) {
        last = e.cause;
        pause(attempt);
      }
    }
    throw new SkepException(ErrorCode.UNAVAILABLE, "too many deadlocks; nothing was changed", last);
  }

  private <R extends @Nullable Object> R once(String begin, boolean writes, Work<R> work) {
    Connection connection = connection();
    boolean isClean = false;
    try {
      run(connection, begin);
      JdbcTx tx = new JdbcTx(connection, writes);
      R result;
      try {
        result = work.run(tx);
      } catch (Throwable t) {
        tx.end();
        tx.throwIfRepeatable();
        isClean = tx.broken() == null && tryRun(connection, "ROLLBACK");
        throw t;
      }
      tx.end();
      tx.throwIfRepeatable();
      if (tx.broken() != null) {
        throw JdbcErrors.ofStore(tx.broken());
      }
      if (tx.isRollBackOnly()) {
        run(connection, "ROLLBACK");
      } else {
        commit(connection, writes);
      }
      isClean = true;
      return result;
    } catch (RolledBack e) {
      isClean = tryRun(connection, "ROLLBACK");
      throw e;
    } catch (SQLException e) {
      throw JdbcErrors.ofStore(e);
    } finally {
      giveBack(connection, isClean);
    }
  }

  private static void commit(Connection connection, boolean writes) throws SQLException {
    try {
      run(connection, "COMMIT");
    } catch (SQLException e) {
      if (JdbcErrors.isRepeatable(e)) {
        throw new RolledBack(e);
      }
      if (writes) {
        throw new UnknownOutcomeException("the answer to the commit is lost", e);
      }
      throw e;
    }
  }

  private Connection connection() {
    Connection known = idle.pollFirst();
    if (known != null) {
      return known;
    }
    try {
      Connection fresh = DriverManager.getConnection(url);
      run(fresh, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      run(fresh, "SET SESSION max_statement_time = 5, innodb_lock_wait_timeout = 4");
      return fresh;
    } catch (SQLException e) {
      throw JdbcErrors.ofStore(e);
    }
  }

  private void giveBack(Connection connection, boolean isClean) {
    if (isClean) {
      idle.addFirst(connection);
    } else {
      discard(connection);
    }
  }

  private void acquire() {
    try {
      if (!permits.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new SkepException(ErrorCode.UNAVAILABLE, "no connection is free");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SkepException(ErrorCode.UNAVAILABLE, "interrupted; nothing was changed", e);
    }
  }

  private static void pause(int attempt) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(1, 5 + 2 * attempt));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SkepException(ErrorCode.UNAVAILABLE, "interrupted; nothing was changed", e);
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static boolean tryRun(Connection connection, String sql) {
    try {
      run(connection, sql);
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private static void discard(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // The server undoes what was open.
    }
  }

  /** The server has certainly undone the transaction, or this store is about to. */
  static final class RolledBack extends RuntimeException {

    private final SQLException cause;

    RolledBack(SQLException cause) {
      super(cause);
      this.cause = cause;
    }
  }
}
