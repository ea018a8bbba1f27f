package dev.skep.port.sql.embedded;

import dev.skep.port.sql.NamedRow;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;
import org.sqlite.SQLiteConnection;

/**
 * One connection and its prepared statements; used by one platform thread, interrupted by any.
 * Transactions are begun and ended by statements, since JDBC's own would begin the next one at once
 * and hold its snapshot.
 */
final class SqliteConnection implements AutoCloseable {

  private static final int BUSY_MILLIS = 5_000;
  private static final int WAL_FILE_BYTES = 64 << 20;
  private static final int CACHE_KIB = -16_384;

  private final SQLiteConnection connection;
  private final Map<String, CompiledStatement> compiled = new HashMap<>();

  private SqliteConnection(SQLiteConnection connection) {
    this.connection = connection;
    // Where JDBC commits by itself, the client follows every statement by a BEGIN that must fail
    // when a transaction is open. This only tells it that we begin them; JDBC's own switch would
    // begin one at once.
    connection.getConnectionConfig().setAutoCommit(false);
  }

  static SqliteConnection writer(Path file) throws SQLException {
    SQLiteConfig config = config();
    config.setSynchronous(SynchronousMode.FULL);
    config.setJournalSizeLimit(WAL_FILE_BYTES);
    SqliteConnection writer = connect(file, config);
    try {
      // It counts in a new database only, and only before the journal's mode writes a page; in
      // another one it would be a write, also where the database is a newer Skep's.
      if (writer.value("PRAGMA page_count").equals("0")) {
        writer.run("PRAGMA auto_vacuum = INCREMENTAL");
      }
      writer.row("PRAGMA journal_mode = WAL");
      return writer;
    } catch (SQLException e) {
      writer.close();
      throw e;
    }
  }

  static SqliteConnection reader(Path file) throws SQLException {
    SQLiteConfig config = config();
    config.setReadOnly(true);
    return connect(file, config);
  }

  /** The settings that every connection to the file shares, also the migrations'. */
  static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.enforceForeignKeys(false);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setTempStore(TempStore.MEMORY);
    config.setCacheSize(CACHE_KIB);
    // Otherwise every update is followed by a query for the last row's id.
    config.setGetGeneratedKeys(false);
    return config;
  }

  static String url(Path file) {
    return "jdbc:sqlite:" + file;
  }

  private static SqliteConnection connect(Path file, SQLiteConfig config) throws SQLException {
    return new SqliteConnection(
        (SQLiteConnection) org.sqlite.JDBC.createConnection(url(file), config.toProperties()));
  }

  /** Runs a statement without parameters or result: BEGIN, COMMIT … */
  void run(String control) throws SQLException {
    try {
      compile(control).update();
    } catch (SQLException e) {
      forget(control);
      throw e;
    }
  }

  /** Takes up to so many free pages from the end of the database. */
  void vacuum(int pages) throws SQLException {
    String sql = "PRAGMA incremental_vacuum(" + pages + ")";
    try {
      compile(sql).query(sql);
    } catch (SQLException e) {
      forget(sql);
      throw e;
    }
  }

  /** Carries the whole log over and cuts its file off; false when a reader still needs it. */
  boolean truncateLog() throws SQLException {
    row("PRAGMA busy_timeout = 0"); // a change that comes meanwhile must not wait for readers
    try {
      return row("PRAGMA wal_checkpoint(TRUNCATE)").getFirst().equals("0");
    } finally {
      row("PRAGMA busy_timeout = " + BUSY_MILLIS);
    }
  }

  /** The first column of the first row: a pragma's value. */
  String value(String sql) throws SQLException {
    return row(sql).getFirst();
  }

  /** The first row, as texts. */
  List<String> row(String sql) throws SQLException {
    try {
      return Arrays.stream(((NamedRow) compile(sql).query(sql).getFirst()).values())
          .map(String::valueOf)
          .toList();
    } catch (SQLException e) {
      forget(sql);
      throw e;
    }
  }

  /** Ends the transaction, if SQLite has not ended it itself. */
  void rollBack() throws SQLException {
    try {
      run("ROLLBACK");
    } catch (SQLException e) {
      if (SqliteErrors.endsTransaction(e)) {
        throw e;
      }
    }
  }

  CompiledStatement compile(String sql) throws SQLException {
    CompiledStatement known = compiled.get(sql);
    if (known != null) {
      return known;
    }
    CompiledStatement fresh = new CompiledStatement(connection, sql);
    compiled.put(sql, fresh);
    return fresh;
  }

  /** Drops a statement that has failed: the client may have closed it with its failure. */
  void forget(String sql) {
    CompiledStatement failed = compiled.remove(sql);
    if (failed != null) {
      try {
        failed.close();
      } catch (SQLException e) {
        // It repeats the failure that is told already.
      }
    }
  }

  /** Ends what runs on this connection as soon as possible; does nothing when nothing runs. */
  void interrupt() {
    try {
      connection.getDatabase().interrupt();
    } catch (SQLException e) {
      throw SqliteErrors.ofStore(e);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
