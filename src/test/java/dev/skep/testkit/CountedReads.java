package dev.skep.testkit;

import dev.skep.port.sql.Row;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Statement;
import dev.skep.port.sql.Tx;
import dev.skep.port.sql.Work;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Remembers which statements ran, so that a test can say that a cost does not grow. */
public final class CountedReads implements SqlStore {

  private final SqlStore sql;
  private final List<String> statements = new ArrayList<>();
  private long rows;

  public CountedReads(SqlStore sql) {
    this.sql = sql;
  }

  /** The statements that ran since the last call, in order. */
  public synchronized List<String> statements() {
    List<String> ran = List.copyOf(statements);
    statements.clear();
    rows = 0;
    return ran;
  }

  /** How many rows they gave or changed. */
  public synchronized long rows() {
    return rows;
  }

  private synchronized void ran(Statement statement, long count) {
    statements.add(statement.name());
    rows += count;
  }

  @Override
  public <R extends @Nullable Object> R read(Work<R> work) {
    return sql.read(tx -> work.run(new Counted(tx)));
  }

  @Override
  public <R extends @Nullable Object> R write(Work<R> work) {
    return sql.write(tx -> work.run(new Counted(tx)));
  }

  private final class Counted implements Tx {

    private final Tx tx;

    private Counted(Tx tx) {
      this.tx = tx;
    }

    @Override
    public List<Row> query(Statement statement, @Nullable Object... parameters) {
      List<Row> found = tx.query(statement, parameters);
      ran(statement, found.size());
      return found;
    }

    @Override
    public int update(Statement statement, @Nullable Object... parameters) {
      int matched = tx.update(statement, parameters);
      ran(statement, matched);
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
}
