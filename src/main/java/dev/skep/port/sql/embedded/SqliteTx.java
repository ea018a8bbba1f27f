package dev.skep.port.sql.embedded;

import dev.skep.port.sql.NamedRow;
import dev.skep.port.sql.Parameters;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.Statement;
import dev.skep.port.sql.Tx;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What a function sees of the open transaction of its store's thread. */
final class SqliteTx implements Tx {

  private final SqliteConnection connection;
  private final boolean writes;
  private final BooleanSupplier cancelled;
  private final Thread owner = Thread.currentThread();
  private boolean ended;
  private boolean rollBackOnly;
  private boolean mayUseReserve;
  private @Nullable SQLException broken;

  private SqliteTx(SqliteConnection connection, boolean writes, BooleanSupplier cancelled) {
    this.connection = connection;
    this.writes = writes;
    this.cancelled = cancelled;
  }

  static SqliteTx forWriting(SqliteConnection connection) {
    return new SqliteTx(connection, true, () -> false);
  }

  static SqliteTx forReading(SqliteConnection connection, BooleanSupplier cancelled) {
    return new SqliteTx(connection, false, cancelled);
  }

  @Override
  public List<Row> query(Statement statement, @Nullable Object... parameters) {
    usable(statement);
    try {
      SqliteConnection.Prepared prepared = bound(statement, parameters);
      try (ResultSet result = prepared.statement().executeQuery()) {
        return rows(statement, prepared.columns(result), result);
      }
    } catch (SQLException e) {
      throw failed(statement, e);
    }
  }

  @Override
  public int update(Statement statement, @Nullable Object... parameters) {
    usable(statement);
    if (!writes) {
      throw new IllegalStateException(statement.name() + " cannot write: it runs in a read");
    }
    try {
      return bound(statement, parameters).statement().executeUpdate();
    } catch (SQLException e) {
      throw failed(statement, e);
    }
  }

  @Override
  public void rollBackOnly() {
    rollBackOnly = true;
  }

  boolean isRollBackOnly() {
    return rollBackOnly;
  }

  @Override
  public void mayUseReserve() {
    mayUseReserve = true;
  }

  boolean isForReserve() {
    return mayUseReserve;
  }

  /** The failure after which SQLite may have undone the whole transaction. */
  @Nullable SQLException broken() {
    return broken;
  }

  /** The function has returned; from now on it is refused. */
  void end() {
    ended = true;
  }

  private void usable(Statement statement) {
    if (ended || Thread.currentThread() != owner) {
      throw new IllegalStateException(
          statement.name() + " runs outside its transaction: a Tx ends with its function");
    }
    if (broken != null) {
      throw SqliteErrors.of(statement.name(), broken);
    }
    if (cancelled.getAsBoolean()) {
      throw SqliteErrors.tooLong();
    }
  }

  private RuntimeException failed(Statement statement, SQLException e) {
    connection.forget(statement.sql());
    if (SqliteErrors.endsTransaction(e)) {
      broken = e;
    }
    return SqliteErrors.of(statement.name(), e);
  }

  private static List<Row> rows(Statement statement, List<String> columns, ResultSet result)
      throws SQLException {
    List<Row> rows = new ArrayList<>();
    while (result.next()) {
      if (rows.size() == MAX_ROWS) {
        throw new IllegalStateException(
            statement.name() + " returns more than " + MAX_ROWS + " rows: give it a LIMIT");
      }
      @Nullable Object[] values = new @Nullable Object[columns.size()];
      for (int i = 0; i < values.length; i++) {
        Object value = result.getObject(i + 1);
        values[i] = value instanceof Integer small ? (Object) small.longValue() : value;
      }
      rows.add(new NamedRow(columns, values));
    }
    return rows;
  }

  private SqliteConnection.Prepared bound(Statement statement, @Nullable Object[] parameters)
      throws SQLException {
    SqliteConnection.Prepared prepared = connection.prepare(statement.sql());
    if (prepared.parameters() != parameters.length) {
      throw new IllegalStateException(
          statement.name()
              + " takes "
              + prepared.parameters()
              + " parameters, not "
              + parameters.length);
    }
    for (int i = 0; i < parameters.length; i++) {
      bind(prepared.statement(), i + 1, parameters[i]);
    }
    return prepared;
  }

  private static void bind(PreparedStatement statement, int at, @Nullable Object value)
      throws SQLException {
    switch (Parameters.stored(value)) {
      case null -> statement.setObject(at, null);
      // As text: on SQLite a BLOB never equals a TEXT column, silently (P4).
      case String text -> statement.setString(at, text);
      case byte[] bytes -> statement.setBytes(at, bytes);
      case Object number -> statement.setLong(at, (Long) number);
    }
  }
}
