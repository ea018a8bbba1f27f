package dev.skep.testkit;

import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.mysql.MySqlSqlStore;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A real MariaDB with Skep's tables, which the tests of this process use one after another. Its log
 * is forced once a second only: what these tests look for is overlapping transactions, which come
 * the faster the shorter each is; crashes are tested elsewhere.
 */
public final class MariaDb {

  private static final String TABLES =
      "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
          + " AND table_name NOT IN ('identities', 'flyway_schema_history', 'skep_schema_lock')";

  private static @Nullable MariaDb shared;

  /** One for each thread of the largest race, so that the database decides who waits. */
  private static final int CONNECTIONS = 128;

  private final MariaDbServer.Database database;
  private final MySqlSqlStore tables;

  private MariaDb(MariaDbServer.Database database, MySqlSqlStore tables) {
    this.database = database;
    this.tables = tables;
  }

  /** Starts it at the first call; aborts the test, saying why, where there is none. */
  public static synchronized MariaDb shared() throws Exception {
    if (shared == null) {
      MariaDbServer server = MariaDbServer.start("--innodb-flush-log-at-trx-commit=2");
      MariaDbServer.Database database = server.newDatabase();
      MySqlSqlStore tables =
          new MySqlSqlStore(Vertx.vertx(), database.settings().with(CONNECTIONS));
      tables.open();
      shared = new MariaDb(database, tables);
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    }
    return shared;
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
