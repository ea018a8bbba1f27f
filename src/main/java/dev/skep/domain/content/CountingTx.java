package dev.skep.domain.content;

import dev.skep.port.sql.Row;
import dev.skep.port.sql.Statement;
import dev.skep.port.sql.Tx;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A transaction that counts the rows it has touched, whoever touched them. */
final class CountingTx implements Tx {

  private final Tx tx;
  private long rows;

  CountingTx(Tx tx) {
    this.tx = tx;
  }

  long rows() {
    return rows;
  }

  @Override
  public List<Row> query(Statement statement, @Nullable Object... parameters) {
    return tx.query(statement, parameters);
  }

  @Override
  public int update(Statement statement, @Nullable Object... parameters) {
    int matched = tx.update(statement, parameters);
    rows += matched;
    return matched;
  }

  @Override
  public void rollBackOnly() {
    tx.rollBackOnly();
  }

  @Override
  public void mayUseReserve() {
    tx.mayUseReserve();
  }
}
