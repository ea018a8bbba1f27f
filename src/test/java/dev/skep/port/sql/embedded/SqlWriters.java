package dev.skep.port.sql.embedded;

import dev.skep.port.sql.Row;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Statement;
import dev.skep.port.sql.Tx;
import dev.skep.testkit.Bodies;
import dev.skep.testkit.Witness;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A process whose threads each make one transaction after another, in the tables of {@code
 * db/contract}: an entry of that number comes, an old one goes, and two counters tell of it.
 */
final class SqlWriters {

  static final int WRITERS = 8;
  static final int ENTRIES = 20;
  static final String ALL = "all";

  /** As EmbeddedSqlStoreTest has it, whose loading would cost each process half a second. */
  private static final Migrations CONTRACT =
      new Migrations("db/contract/sqlite", List.of("V1__contract.sql"));

  private static final int LARGEST = 12_000;

  enum Sql implements Statement {
    ADD_COUNTER("INSERT INTO counter (name, value) VALUES (?, 0)"),
    COUNT("UPDATE counter SET value = value + 1 WHERE name = ?"),
    COUNTER("SELECT value FROM counter WHERE name = ?"),
    ADD("INSERT INTO entry (id, name, number, at, data) VALUES (?, ?, ?, ?, ?)"),
    REMOVE("DELETE FROM entry WHERE name = ?"),
    ENTRIES("SELECT id, name, number, at, data FROM entry ORDER BY name LIMIT 1001"),
    INTEGRITY("PRAGMA integrity_check");

    private final String sql;

    Sql(String sql) {
      this.sql = sql;
    }

    @Override
    public String sql() {
      return sql;
    }
  }

  private SqlWriters() {}

  /**
   * @param args the folder
   */
  public static void main(String... args) {
    EmbeddedSqlStore store = open(Path.of(args[0]));
    Witness witness = Witness.start();
    for (int writer = 0; writer < WRITERS; writer++) {
      int own = writer;
      long first = count(store, counter(own)) + 1;
      Thread.ofPlatform()
          .start(() -> witness.writeForEver(own, first, number -> write(store, own, number)));
    }
  }

  static EmbeddedSqlStore open(Path folder) {
    EmbeddedSqlStore store = new EmbeddedSqlStore(() -> folder, CONTRACT);
    store.open();
    return store;
  }

  static void write(SqlStore store, int writer, long number) {
    store.write(
        tx -> {
          count(tx, ALL);
          count(tx, counter(writer));
          tx.update(
              Sql.ADD,
              id(writer, number),
              name(writer, number),
              number,
              Instant.ofEpochSecond(number),
              body(writer, number));
          return tx.update(Sql.REMOVE, name(writer, number - ENTRIES));
        });
  }

  private static void count(Tx tx, String counter) {
    if (tx.update(Sql.COUNT, counter) == 0) {
      tx.update(Sql.ADD_COUNTER, counter);
      tx.update(Sql.COUNT, counter);
    }
  }

  static long count(SqlStore store, String counter) {
    Optional<Row> row = store.read(tx -> tx.one(Sql.COUNTER, counter));
    return row.map(found -> found.number("value")).orElse(0L);
  }

  static String counter(int writer) {
    return "writer-" + writer;
  }

  static String name(int writer, long number) {
    return writer + "/" + number;
  }

  static UUID id(int writer, long number) {
    return new UUID(writer, number);
  }

  static byte[] body(int writer, long number) {
    return Bodies.of(writer, number, LARGEST);
  }
}
