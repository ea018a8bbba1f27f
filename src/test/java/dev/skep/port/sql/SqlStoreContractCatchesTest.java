package dev.skep.port.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.sql.embedded.EmbeddedSqlStore;
import dev.skep.port.sql.embedded.Migrations;
import dev.skep.testkit.ContractRun;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** For each nested class of {@link SqlStoreContract} a broken store that it must catch. */
class SqlStoreContractCatchesTest {

  private static final Set<String> CAUGHT =
      Set.of("Work", "Reading", "Writing", "Failures", "Statements", "Values");

  @Test
  void eachNestedClassHasItsCatch() {
    assertThat(ContractRun.nestedClasses(SqlStoreContract.class)).isEqualTo(CAUGHT);
  }

  @Test
  void aStoreThatWrapsWhatItsFunctionThrows() {
    ContractRun.of(OverWrappingExceptions.class, "Work")
        .assertRed("whatItThrowsReachesTheCallerUnchanged");
  }

  @Test
  void aStoreThatReadsEachStatementInItsOwnSnapshot() {
    ContractRun.of(OverManySnapshots.class, "Reading")
        .assertRed("seesOneSnapshotFromItsFirstStatementToItsLast", "neverSeesHalfATransaction");
  }

  @Test
  void aStoreThatCommitsEachStatement() {
    ContractRun.of(OverManyTransactions.class, "Writing")
        .assertRed(
            "happensWholeOrNotAtAll", "isUndoneWhenItIsMarkedAndItsResultIsReturnedAllTheSame");
  }

  @Test
  void aStoreThatRefusesMoreThanAFewCallersAtOnce() {
    ContractRun.of(OverAFewCallers.class, "Failures").assertRed("manyVirtualThreadsMayCallAtOnce");
  }

  @Test
  void aStoreThatCountsRowsChangedAndHidesViolations() {
    ContractRun.of(OverHiddenViolations.class, "Statements")
        .assertRed(
            "aViolatedUniqueKeyFailsItsStatementAlone", "theCountIsOfRowsMatchedChangedOrNot");
  }

  @Test
  void aStoreThatIgnoresCase() {
    ContractRun.of(OverLowerCase.class, "Values")
        .assertRed("namesOfManyScriptsStandSideBySideEachFoundByItsOwnBytes");
  }

  /** The contract over a broken wrapper of the embedded store. */
  abstract static class Over extends SqlStoreContract {

    @TempDir Path folder;

    private EmbeddedSqlStore store;
    private SqlStore broken;

    abstract SqlStore broken(SqlStore store);

    @BeforeEach
    void open() {
      store =
          new EmbeddedSqlStore(
              () -> folder, new Migrations("db/contract/sqlite", List.of("V1__contract.sql")));
      store.open();
      broken = broken(store);
    }

    @AfterEach
    void close() {
      store.close();
    }

    @Override
    protected SqlStore store() {
      return broken;
    }

    @Override
    protected void restart() {
      close();
      open();
    }
  }

  static class OverWrappingExceptions extends Over {
    @Override
    SqlStore broken(SqlStore store) {
      return new Wrapper(store) {
        @Override
        public <R extends @Nullable Object> R write(dev.skep.port.sql.Work<R> work) {
          try {
            return store.write(work);
          } catch (RuntimeException e) {
            throw new IllegalStateException(e);
          }
        }
      };
    }
  }

  static class OverManySnapshots extends Over {
    @Override
    SqlStore broken(SqlStore store) {
      return new Wrapper(store) {
        @Override
        public <R extends @Nullable Object> R read(dev.skep.port.sql.Work<R> work) {
          return work.run(new EachAlone(store));
        }
      };
    }
  }

  static class OverManyTransactions extends Over {
    @Override
    SqlStore broken(SqlStore store) {
      return new Wrapper(store) {
        @Override
        public <R extends @Nullable Object> R write(dev.skep.port.sql.Work<R> work) {
          return work.run(new EachAlone(store));
        }
      };
    }
  }

  static class OverAFewCallers extends Over {
    @Override
    SqlStore broken(SqlStore store) {
      java.util.concurrent.Semaphore places = new java.util.concurrent.Semaphore(50);
      return new Wrapper(store) {
        @Override
        public <R extends @Nullable Object> R write(dev.skep.port.sql.Work<R> work) {
          if (!places.tryAcquire()) {
            throw new SkepException(ErrorCode.UNAVAILABLE, "too many");
          }
          try {
            return store.write(work);
          } finally {
            places.release();
          }
        }
      };
    }
  }

  static class OverHiddenViolations extends Over {
    @Override
    SqlStore broken(SqlStore store) {
      return new Wrapper(store) {
        @Override
        public <R extends @Nullable Object> R write(dev.skep.port.sql.Work<R> work) {
          return store.write(
              tx ->
                  work.run(
                      new Through(tx) {
                        @Override
                        public int update(Statement statement, @Nullable Object... parameters) {
                          try {
                            return Math.min(1, tx.update(statement, parameters));
                          } catch (ConstraintViolation e) {
                            return 0;
                          }
                        }
                      }));
        }
      };
    }
  }

  static class OverLowerCase extends Over {
    @Override
    SqlStore broken(SqlStore store) {
      return new Wrapper(store) {
        @Override
        public <R extends @Nullable Object> R write(dev.skep.port.sql.Work<R> work) {
          return store.write(
              tx ->
                  work.run(
                      new Through(tx) {
                        @Override
                        public int update(Statement statement, @Nullable Object... parameters) {
                          return tx.update(statement, lower(parameters));
                        }
                      }));
        }
      };
    }

    private static @Nullable Object[] lower(@Nullable Object[] parameters) {
      return Arrays.stream(parameters)
          .map(each -> each instanceof String text ? text.toLowerCase(Locale.ROOT) : each)
          .toArray();
    }
  }

  private abstract static class Wrapper implements SqlStore {

    private final SqlStore store;

    Wrapper(SqlStore store) {
      this.store = store;
    }

    @Override
    public <R extends @Nullable Object> R read(dev.skep.port.sql.Work<R> work) {
      return store.read(work);
    }

    @Override
    public <R extends @Nullable Object> R write(dev.skep.port.sql.Work<R> work) {
      return store.write(work);
    }
  }

  private abstract static class Through implements Tx {

    private final Tx tx;

    Through(Tx tx) {
      this.tx = tx;
    }

    @Override
    public List<Row> query(Statement statement, @Nullable Object... parameters) {
      return tx.query(statement, parameters);
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

  private record EachAlone(SqlStore store) implements Tx {

    @Override
    public List<Row> query(Statement statement, @Nullable Object... parameters) {
      return store.read(tx -> tx.query(statement, parameters));
    }

    @Override
    public int update(Statement statement, @Nullable Object... parameters) {
      return store.write(tx -> tx.update(statement, parameters));
    }

    @Override
    public void rollBackOnly() {}

    @Override
    public void mayUseReserve() {}
  }
}
