package dev.skep.port.sql.mysql;

import dev.skep.port.sql.NamedRow;
import dev.skep.port.sql.Parameters;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.Statement;
import dev.skep.port.sql.Tx;
import dev.skep.port.sql.mysql.SqlFailure.Kind;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.data.Numeric;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a function sees of the transaction of its session. */
final class MySqlTx implements Tx {

  private final Session session;
  private final boolean writes;
  private final Deadline deadline;
  private final Limits limits;
  private final Placeholders placeholders;
  private final Thread owner = Thread.currentThread();
  private boolean ended;
  private boolean rollBackOnly;
  private boolean changed;
  private @Nullable SqlFailure broken;

  MySqlTx(
      Session session,
      boolean writes,
      Deadline deadline,
      Limits limits,
      Placeholders placeholders) {
    this.session = session;
    this.writes = writes;
    this.deadline = deadline;
    this.limits = limits;
    this.placeholders = placeholders;
  }

  @Override
  public List<Row> query(Statement statement, @Nullable Object... parameters) {
    Session.Result result = run(statement, parameters);
    List<String> columns = result.columns();
    if (columns == null) {
      throw new IllegalStateException(statement.name() + " is no query: it has no columns");
    }
    if (result.rows().size() > MAX_ROWS) {
      throw new IllegalStateException(
          statement.name() + " returns more than " + MAX_ROWS + " rows: give it a LIMIT");
    }
    Map<String, Integer> positions =
        NamedRow.positions(columns.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList());
    List<Row> rows = new ArrayList<>(result.rows().size());
    for (io.vertx.sqlclient.Row row : result.rows()) {
      rows.add(new NamedRow(positions, values(row)));
    }
    return rows;
  }

  @Override
  public int update(Statement statement, @Nullable Object... parameters) {
    if (!writes) {
      throw new IllegalStateException(statement.name() + " cannot write: it runs in a read");
    }
    int count = run(statement, parameters).count();
    changed |= count > 0;
    return count;
  }

  @Override
  public void rollBackOnly() {
    rollBackOnly = true;
  }

  /** The server's disk is not ours to keep room on. */
  @Override
  public void mayUseReserve() {}

  boolean isRollBackOnly() {
    return rollBackOnly;
  }

  /** Whether there is anything that a commit would keep. */
  boolean hasChanged() {
    return changed;
  }

  /** The failure after which the transaction cannot go on. */
  @Nullable SqlFailure broken() {
    return broken;
  }

  /** The function has returned; from now on it is refused. */
  void end() {
    ended = true;
  }

  private Session.Result run(Statement statement, @Nullable Object[] parameters) {
    usable(statement);
    int wanted = placeholders.in(statement.sql());
    if (wanted != parameters.length) {
      throw new IllegalStateException(
          statement.name() + " takes " + wanted + " parameters, not " + parameters.length);
    }
    Tuple stored = stored(parameters);
    try {
      if (deadline.isOver()) {
        throw SqlFailure.of(Kind.LATE, "the time of the transaction was over", null);
      }
      return session.run(statement.sql(), stored, MAX_ROWS + 1, deadline.left(limits.answer()));
    } catch (SqlFailure e) {
      if (MySqlErrors.endsTransaction(e)) {
        broken = e;
      }
      throw MySqlErrors.of(statement.name(), e);
    }
  }

  private void usable(Statement statement) {
    if (ended || Thread.currentThread() != owner) {
      throw new IllegalStateException(
          statement.name() + " runs outside its transaction: a Tx ends with its function");
    }
    if (broken != null) {
      throw MySqlErrors.of(statement.name(), broken);
    }
  }

  private static Tuple stored(@Nullable Object[] parameters) {
    Tuple stored = Tuple.tuple();
    for (Object parameter : parameters) {
      Object value = Parameters.stored(parameter);
      stored.addValue(value instanceof byte[] bytes ? Buffer.buffer(bytes) : value);
    }
    return stored;
  }

  private static @Nullable Object[] values(io.vertx.sqlclient.Row row) {
    @Nullable Object[] values = new @Nullable Object[row.size()];
    for (int at = 0; at < values.length; at++) {
      values[at] = value(row.getValue(at));
    }
    return values;
  }

  private static @Nullable Object value(@Nullable Object read) {
    return switch (read) {
      case null -> null;
      case String text -> text;
      case Buffer bytes -> bytes.getBytes();
      case Long number -> number;
      case BigInteger number -> number.longValueExact();
      case BigDecimal number -> number.longValueExact();
      case Numeric number -> new BigDecimal(number.toString()).longValueExact();
      case Double number -> number;
      case Number number -> number.longValue();
      case Object other -> other.toString();
    };
  }
}
