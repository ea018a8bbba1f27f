package dev.skep.port.sql.embedded;

import dev.skep.port.sql.Parameters;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.Statement;
import dev.skep.port.sql.Tx;
import java.sql.SQLException;
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
      return compiled(statement, parameters).query(statement.name(), stored(parameters));
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
      return compiled(statement, parameters).update(stored(parameters));
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

  private CompiledStatement compiled(Statement statement, @Nullable Object[] parameters)
      throws SQLException {
    CompiledStatement compiled = connection.compile(statement.sql());
    if (compiled.parameters() != parameters.length) {
      throw new IllegalStateException(
          statement.name()
              + " takes "
              + compiled.parameters()
              + " parameters, not "
              + parameters.length);
    }
    return compiled;
  }

  /**
   * What the client binds by its type: a String as text, since on SQLite a BLOB never equals a TEXT
   * column, silently (P4).
   */
  private static @Nullable Object[] stored(@Nullable Object[] parameters) {
    @Nullable Object[] stored = new @Nullable Object[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      stored[i] = Parameters.stored(parameters[i]);
    }
    return stored;
  }
}
