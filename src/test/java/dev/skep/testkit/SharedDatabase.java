package dev.skep.testkit;

import dev.skep.common.SkepException;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.mysql.MySqlSqlStore;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A real server with Skep's tables, which the tests of this process use one after another. Its log
 * is forced once a second only: what these tests look for is overlapping transactions, which come
 * the faster the shorter each is; crashes are tested elsewhere.
 */
public final class SharedDatabase {

  private static final String TABLES =
      "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
          + " AND table_name NOT IN ('identities', 'flyway_schema_history', 'skep_schema_lock')";

  private static final Map<SqlEngine, SharedDatabase> SHARED = new EnumMap<>(SqlEngine.class);

  /** One for each thread of the largest race, so that the database decides who waits. */
  private static final int CONNECTIONS = 128;

  private static final Duration START = Duration.ofSeconds(30);

  private final SqlServer.Database database;
  private final MySqlSqlStore tables;

  private SharedDatabase(SqlServer.Database database, MySqlSqlStore tables) {
    this.database = database;
    this.tables = tables;
  }

  /** Starts it at the first call; aborts the test, saying why, where there is none. */
  public static synchronized SharedDatabase on(SqlEngine engine) throws Exception {
    SharedDatabase known = SHARED.get(engine);
    if (known != null) {
      return known;
    }
    SqlServer server = engine.start("--innodb-flush-log-at-trx-commit=2", "--sync-binlog=0");
    SqlServer.Database database = server.newDatabase();
    MySqlSqlStore tables = new MySqlSqlStore(Vertx.vertx(), database.settings().with(CONNECTIONS));
    open(tables);
    SharedDatabase started = new SharedDatabase(database, tables);
    SHARED.put(engine, started);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    return started;
  }

  /** A server that has just started on a busy machine may take longer than a connection waits. */
  private static void open(MySqlSqlStore tables) {
    long end = System.nanoTime() + START.toNanos();
    while (true) {
      try {
        tables.open();
        return;
      } catch (SkepException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
      }
    }
  }

  /** A drive on empty tables; the other stores are embedded. */
  public Drive drive(Path folder, InstantSource clock) {
    SqlStore empty = emptyTables();
    return Drive.open(folder, clock, embedded -> empty, blobs -> blobs);
  }

  /** The same, with another store around the tables, such as one that fails. */
  public Drive drive(Path folder, UnaryOperator<SqlStore> around) {
    SqlStore empty = emptyTables();
    return Drive.open(
        folder, InstantSource.system(), embedded -> around.apply(empty), blobs -> blobs);
  }

  /** The same, where every write runs twice. */
  public Drive repeatingDrive(Path folder) {
    SqlStore empty = emptyTables();
    return Drive.open(
        folder,
        InstantSource.system(),
        embedded -> new RepeatingSqlStore(empty, new PortGuard()),
        blobs -> blobs);
  }

  /** The tables without a row. */
  public SqlStore emptyTables() {
    try (Connection connection = database.connect();
        var statement = connection.createStatement()) {
      List<String> names = new ArrayList<>();
      try (ResultSet found = statement.executeQuery(TABLES)) {
        while (found.next()) {
          names.add(found.getString(1));
        }
      }
      for (String name : names) {
        statement.execute("DELETE FROM " + name);
      }
      return tables;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
