package dev.skep.testkit;

import dev.skep.port.sql.NamedRow;
import dev.skep.port.sql.Parameters;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.Statement;
import dev.skep.port.sql.Tx;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One transaction on a connection of {@link JdbcSqlStore}. */
final class JdbcTx implements Tx {

  /** How many parameters a statement takes: asking the server costs as much as running it. */
  private static final Map<String, Integer> PARAMETERS = new ConcurrentHashMap<>();

  private final Connection connection;
  private final boolean writes;
  private final Thread owner = Thread.currentThread();
  private boolean ended;
  private boolean rollBackOnly;
  private @Nullable SQLException broken;

  JdbcTx(Connection connection, boolean writes) {
    this.connection = connection;
    this.writes = writes;
  }

  @Override
  public List<Row> query(Statement statement, @Nullable Object... parameters) {
    usable(statement);
    try (PreparedStatement prepared = prepare(statement, parameters);
        ResultSet result = prepared.executeQuery()) {
      return rows(statement, result);
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
    try (PreparedStatement prepared = prepare(statement, parameters)) {
      return prepared.executeUpdate();
    } catch (SQLException e) {
      throw failed(statement, e);
    }
  }

  @Override
  public void rollBackOnly() {
    rollBackOnly = true;
  }

  @Override
  public void mayUseReserve() {}

  boolean isRollBackOnly() {
    return rollBackOnly;
  }

  @Nullable SQLException broken() {
    return broken;
  }

  void end() {
    ended = true;
  }

  void throwIfRepeatable() {
    if (broken != null && JdbcErrors.isRepeatable(broken)) {
      throw new JdbcSqlStore.RolledBack(broken);
    }
  }

  private void usable(Statement statement) {
    if (ended || Thread.currentThread() != owner) {
      throw new IllegalStateException(
          statement.name() + " runs outside its transaction: a Tx ends with its function");
    }
    if (broken != null) {
      throw JdbcErrors.of(statement.name(), broken);
    }
  }

  private RuntimeException failed(Statement statement, SQLException e) {
    if (JdbcErrors.endsTransaction(e)) {
      broken = e;
    }
    return JdbcErrors.of(statement.name(), e);
  }

  private PreparedStatement prepare(Statement statement, @Nullable Object[] parameters)
      throws SQLException {
    PreparedStatement prepared = connection.prepareStatement(statement.sql());
    try {
      int wanted = parametersOf(prepared, statement);
      if (wanted != parameters.length) {
        throw new IllegalStateException(
            statement.name() + " takes " + wanted + " parameters, not " + parameters.length);
      }
      for (int i = 0; i < parameters.length; i++) {
        prepared.setObject(i + 1, Parameters.stored(parameters[i]));
      }
      return prepared;
    } catch (SQLException | RuntimeException e) {
      prepared.close();
      throw e;
    }
  }

  private static int parametersOf(PreparedStatement prepared, Statement statement)
      throws SQLException {
    Integer known = PARAMETERS.get(statement.sql());
    if (known != null) {
      return known;
    }
    int count = prepared.getParameterMetaData().getParameterCount();
    PARAMETERS.put(statement.sql(), count);
    return count;
  }

  private static List<Row> rows(Statement statement, ResultSet result) throws SQLException {
    ResultSetMetaData meta = result.getMetaData();
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(meta.getColumnLabel(i).toLowerCase(Locale.ROOT));
    }
    List<Row> rows = new ArrayList<>();
    while (result.next()) {
      if (rows.size() == MAX_ROWS) {
        throw new IllegalStateException(
            statement.name() + " returns more than " + MAX_ROWS + " rows: give it a LIMIT");
      }
      @Nullable Object[] values = new @Nullable Object[columns.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = value(result, i + 1, meta.getColumnType(i + 1));
      }
      rows.add(new NamedRow(NamedRow.positions(columns), values));
    }
    return rows;
  }

  private static @Nullable Object value(ResultSet result, int column, int type)
      throws SQLException {
    return switch (type) {
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB ->
          result.getBytes(column);
      default ->
          switch (result.getObject(column)) {
            case null -> null;
            case String text -> text;
            case byte[] bytes -> bytes;
            case BigDecimal number -> number.longValueExact();
            case BigInteger number -> number.longValueExact();
            case Number number -> number.longValue();
            case Object other -> other.toString().getBytes(StandardCharsets.UTF_8);
          };
    };
  }
}
