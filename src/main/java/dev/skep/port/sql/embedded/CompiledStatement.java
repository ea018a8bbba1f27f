package dev.skep.port.sql.embedded;

import dev.skep.port.sql.NamedRow;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.Codes;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;

/**
 * A statement that is compiled once for its connection. It runs on the client's core, below its
 * JDBC layer: a JDBC result set asks for the names of all its columns at each execution, which
 * doubles what a node's row of 22 columns costs (docs/performance.md).
 */
final class CompiledStatement {

  /**
   * SQLite's planner looks at the value of a parameter that is a LIMIT, and compiles such a
   * statement anew at each execution (97 µs instead of 10 for the rights on a path). It does not
   * look into an expression, which MariaDB would not take.
   */
  private static final String LIMIT = "LIMIT ?";

  private static final String LIMIT_UNSEEN = "LIMIT (? + 0)";

  private final CoreStatement statement;
  private final DB database;
  private final int parameters;
  private @Nullable Map<String, Integer> columns;

  CompiledStatement(SQLiteConnection connection, String sql) throws SQLException {
    var prepared = connection.prepareStatement(sql.replace(LIMIT, LIMIT_UNSEEN));
    this.parameters = prepared.getParameterMetaData().getParameterCount();
    this.statement = (CoreStatement) prepared;
    this.database = connection.getDatabase();
  }

  int parameters() {
    return parameters;
  }

  /**
   * The rows of a SELECT.
   *
   * @param name of the statement, for the exception
   * @param values each a String, Long, byte[] or null
   * @throws IllegalStateException when there are more than {@link Tx#MAX_ROWS}
   */
  List<Row> query(String name, @Nullable Object... values) throws SQLException {
    List<Row> rows = new ArrayList<>();
    if (database.execute(statement, values)) {
      statement.pointer.safeRunConsume((core, pointer) -> readAll(core, pointer, name, rows));
    }
    return rows;
  }

  /** Runs a statement without a result; returns the number of rows it matched. */
  int update(@Nullable Object... values) throws SQLException {
    return Math.toIntExact(database.executeUpdate(statement, values));
  }

  private void readAll(DB core, long pointer, String name, List<Row> rows) throws SQLException {
    try {
      int state = Codes.SQLITE_ROW;
      while (state == Codes.SQLITE_ROW) {
        if (rows.size() == Tx.MAX_ROWS) {
          throw new IllegalStateException(
              name + " returns more than " + Tx.MAX_ROWS + " rows: give it a LIMIT");
        }
        rows.add(read(core, pointer));
        state = core.step(pointer);
      }
      if (state != Codes.SQLITE_DONE) {
        core.throwex(state);
      }
    } finally {
      core.reset(pointer);
    }
  }

  private Row read(DB core, long pointer) throws SQLException {
    Map<String, Integer> positions = columns(core, pointer);
    @Nullable Object[] values = new @Nullable Object[core.column_count(pointer)];
    for (int at = 0; at < values.length; at++) {
      values[at] = value(core, pointer, at);
    }
    return new NamedRow(positions, values);
  }

  private static @Nullable Object value(DB core, long pointer, int at) throws SQLException {
    return switch (core.column_type(pointer, at)) {
      case Codes.SQLITE_INTEGER -> core.column_long(pointer, at);
      case Codes.SQLITE_TEXT -> core.column_text(pointer, at);
      case Codes.SQLITE_BLOB -> core.column_blob(pointer, at);
      case Codes.SQLITE_FLOAT -> core.column_double(pointer, at);
      default -> null;
    };
  }

  private Map<String, Integer> columns(DB core, long pointer) throws SQLException {
    Map<String, Integer> known = columns;
    if (known == null) {
      List<String> names = new ArrayList<>();
      for (int at = 0; at < core.column_count(pointer); at++) {
        names.add(core.column_name(pointer, at).toLowerCase(Locale.ROOT));
      }
      known = NamedRow.positions(names);
      columns = known;
    }
    return known;
  }

  void close() throws SQLException {
    statement.pointer.close();
  }
}
