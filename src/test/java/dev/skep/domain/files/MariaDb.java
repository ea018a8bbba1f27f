package dev.skep.domain.files;

import dev.skep.testkit.Drive;
import dev.skep.testkit.JdbcSqlStore;
import dev.skep.testkit.MariaDbServer;
import dev.skep.testkit.PortGuard;
import dev.skep.testkit.RepeatingSqlStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** A real MariaDB with Skep's tables, which drives of tests use one after another. */
final class MariaDb implements AutoCloseable {

  private static final String TABLES =
      "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
          + " AND table_name NOT IN ('identities', 'flyway_schema_history')";

  private final MariaDbServer server;
  private final JdbcSqlStore tables;

  private MariaDb(MariaDbServer server, JdbcSqlStore tables) {
    this.server = server;
    this.tables = tables;
  }

  static MariaDb start() throws Exception {
    MariaDbServer server = MariaDbServer.start();
    return new MariaDb(server, new JdbcSqlStore(server.newDatabase()).migrate("db/mysql"));
  }

  /** On empty tables; the other stores are embedded. */
  Drive drive(Path folder, InstantSource clock) {
    clear();
    return Drive.open(folder, clock, embedded -> tables, blobs -> blobs);
  }

  /** The same, where every write runs twice. */
  Drive repeatingDrive(Path folder) {
    clear();
    return Drive.open(
        folder,
        InstantSource.system(),
        embedded -> new RepeatingSqlStore(tables, new PortGuard()),
        blobs -> blobs);
  }

  private void clear() {
    try (Connection connection = tables.connect();
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
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws Exception {
    tables.close();
    server.close();
  }
}
