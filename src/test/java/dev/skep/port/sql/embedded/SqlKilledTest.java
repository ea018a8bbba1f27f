package dev.skep.port.sql.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.port.sql.Row;
import dev.skep.port.sql.embedded.SqlWriters.Sql;
import dev.skep.testkit.Journal;
import dev.skep.testkit.KilledWriters;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** P1: what a killed process was told of its transactions is true afterwards. */
@Tag("slow")
@Tag("P1")
class SqlKilledTest {

  private static final int KILLS = 100;

  @TempDir Path folder;

  @Test
  void acknowledgedTransactionsAreThereInOrderAndNoneIsHalfThere() throws Exception {
    new KilledWriters("sql (SQLite)", SqlWriters.class, folder, SqlKilledTest::verify).kill(KILLS);
  }

  private static long verify(Path folder, Journal journal) {
    EmbeddedSqlStore store = SqlWriters.open(folder);
    try {
      long found = verify(store, journal);
      goesOnWriting(store, journal);
      return found;
    } finally {
      store.close();
    }
  }

  private static long verify(EmbeddedSqlStore store, Journal journal) {
    List<Row> integrity = store.read(tx -> tx.query(Sql.INTEGRITY));
    assertThat(integrity).extracting(row -> row.text("integrity_check")).containsExactly("ok");
    long all = 0;
    Map<String, Row> expected = new TreeMap<>();
    Map<String, Row> entries =
        store.read(tx -> tx.query(Sql.ENTRIES)).stream()
            .collect(Collectors.toMap(row -> row.text("name"), Function.identity()));
    for (var each : journal.writers().entrySet()) {
      int writer = each.getKey();
      long count = SqlWriters.count(store, SqlWriters.counter(writer));
      assertThat(count)
          .as("transactions of writer %d", writer)
          .isBetween(each.getValue().acknowledged(), each.getValue().begun());
      for (long n = Math.max(1, count - SqlWriters.ENTRIES + 1); n <= count; n++) {
        String name = SqlWriters.name(writer, n);
        Row row = entries.get(name);
        assertThat(row).as(name).isNotNull();
        assertThat(row.id("id")).isEqualTo(SqlWriters.id(writer, n));
        assertThat(row.number("number")).isEqualTo(n);
        assertThat(row.bytes("data")).as(name).isEqualTo(SqlWriters.body(writer, n));
        expected.put(name, row);
      }
      all += count;
      journal.settle(writer, count);
    }
    assertThat(entries.keySet()).as("entries of no transaction").isEqualTo(expected.keySet());
    assertThat(SqlWriters.count(store, SqlWriters.ALL)).as("all transactions").isEqualTo(all);
    return expected.size();
  }

  private static void goesOnWriting(EmbeddedSqlStore store, Journal journal) {
    long next = SqlWriters.count(store, SqlWriters.counter(0)) + 1;
    SqlWriters.write(store, 0, next);
    journal.settle(0, next);
  }
}
