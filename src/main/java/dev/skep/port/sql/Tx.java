package dev.skep.port.sql;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One open transaction; valid only inside its {@link Work} and on its thread.
 *
 * <p>Parameters are {@link String}, {@link Long}, {@link Integer}, {@link Boolean} (0 or 1), {@link
 * java.util.UUID} (16 bytes), {@link java.time.Instant} (microseconds since 1970), {@code byte[]}
 * or {@code null}.
 */
public interface Tx {

  /** The most rows a statement may return; a page of 1,000 asks for one more. */
  int MAX_ROWS = 1001;

  /**
   * Runs a SELECT.
   *
   * @throws IllegalStateException when it returns more than {@link #MAX_ROWS} rows: give the
   *     statement a LIMIT
   */
  List<Row> query(Statement statement, @Nullable Object... parameters);

  /**
   * Runs an INSERT, UPDATE or DELETE and returns the rows it <em>matched</em>, changed or not.
   *
   * @throws ConstraintViolation when a unique key is violated: this statement alone has no effect,
   *     the transaction goes on
   */
  int update(Statement statement, @Nullable Object... parameters);

  /**
   * Marks the transaction: when its function returns, all is undone and the result is returned all
   * the same.
   */
  void rollBackOnly();

  /**
   * Marks the transaction as one that must be possible on a full disk: it makes room there, or is
   * needed on the way to it. It may use the room that a driver keeps for this purpose; it has no
   * other effect.
   */
  void mayUseReserve();

  /** The only row, if there is one. */
  default Optional<Row> one(Statement statement, @Nullable Object... parameters) {
    List<Row> rows = query(statement, parameters);
    if (rows.size() > 1) {
      throw new IllegalStateException(statement.name() + " found more than one row");
    }
    return rows.stream().findFirst();
  }
}
