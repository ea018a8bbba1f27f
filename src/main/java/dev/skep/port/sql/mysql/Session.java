package dev.skep.port.sql.mysql;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.mysqlclient.MySQLException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/**
 * One connection, awaited by the calling thread; for one caller at a time. After a wait that ended
 * without an answer it is closed, since the client cannot take a statement back
 * (vertx-sql-client#668).
 */
final class Session {

  static final Duration POLITE = Duration.ofSeconds(1);

  /** A server without an answer for so long is taken for dead. */
  private static final Duration SILENCE = Duration.ofSeconds(2);

  /**
   * How it is told from all other connections.
   *
   * @param id its number on the server; 0 while it was not asked
   * @param server which one that is
   * @param client the address that it comes from, as the server sees it; empty: the server does not
   *     say
   * @param processes the server's table of connections
   */
  record Known(long id, String server, String client, String processes) {}

  /** The rows of a result; of too many only so many that it is seen. */
  record Result(@Nullable List<String> columns, List<Row> rows, int count) {}

  private final Context context;
  private final ConnectionFactory factory;
  private final SqlConnection connection;
  private final Endpoint endpoint;
  private volatile boolean ended;
  private volatile Known known = new Known(0, "", "", "");
  private volatile Connector.Place place = new Connector.Place(0, -1, 0);

  /**
   * @param factory of this connection alone, so that closing it ends it whatever it is doing
   */
  Session(Context context, ConnectionFactory factory, SqlConnection connection, Endpoint endpoint) {
    this.context = context;
    this.factory = factory;
    this.connection = connection;
    this.endpoint = endpoint;
    connection.closeHandler(closed -> ended = true);
    connection.exceptionHandler(seenByWhoeverWaits -> {});
  }

  Endpoint endpoint() {
    return endpoint;
  }

  long id() {
    return known.id();
  }

  Known known() {
    return known;
  }

  void isKnownAs(Known asked) {
    known = asked;
  }

  Connector.Place place() {
    return place;
  }

  void isMadeAt(Connector.Place made) {
    place = made;
  }

  boolean isUsable() {
    return !ended;
  }

  /** Runs a statement without parameters. */
  Result run(String sql, Duration limit) throws SqlFailure {
    RowSet<Row> answer = await(connection.query(sql).execute(), limit);
    List<Row> rows = new ArrayList<>();
    answer.forEach(rows::add);
    return new Result(answer.columnsNames(), rows, answer.rowCount());
  }

  /**
   * Runs a statement that the server prepares once for this connection.
   *
   * @param most rows to keep
   */
  Result run(String sql, Tuple parameters, int most, Duration limit) throws SqlFailure {
    SqlResult<List<Row>> answer =
        await(connection.preparedQuery(sql).collecting(firstRows(most)).execute(parameters), limit);
    return new Result(answer.columnsNames(), answer.value(), answer.rowCount());
  }

  /**
   * Undoes what is open without waiting for it.
   *
   * @param then told once, whether the session may be used again
   */
  void rollBackLater(Duration limit, Consumer<Boolean> then) {
    AtomicBoolean told = new AtomicBoolean();
    context.runOnContext(
        now -> {
          long timer =
              context
                  .owner()
                  .setTimer(
                      limit.toMillis(),
                      late -> {
                        if (told.compareAndSet(false, true)) {
                          abandon();
                          then.accept(false);
                        }
                      });
          connection
              .query("ROLLBACK")
              .execute()
              .onComplete(
                  answer -> {
                    context.owner().cancelTimer(timer);
                    if (told.compareAndSet(false, true)) {
                      then.accept(answer.succeeded());
                    }
                  });
        });
  }

  /**
   * Says good-bye to the server, and ends the connection at the latest a second later.
   *
   * @return done when it has ended; nobody needs to wait
   */
  Future<Void> close() {
    ended = true;
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        now -> {
          long timer =
              context.owner().setTimer(POLITE.toMillis(), late -> factory.close(Promise.promise()));
          connection
              .close()
              .onComplete(
                  closed -> {
                    context.owner().cancelTimer(timer);
                    factory.close(done);
                  });
        });
    return done.future();
  }

  /** Ends the connection at once, whatever it is doing. */
  void abandon() {
    ended = true;
    factory.close(Promise.promise());
  }

  private <T> T await(Future<T> answer, Duration limit) throws SqlFailure {
    try {
      return answer
          .toCompletionStage()
          .toCompletableFuture()
          .get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      abandon();
      throw SqlFailure.of(
          limit.compareTo(SILENCE) < 0 ? SqlFailure.Kind.LATE : SqlFailure.Kind.SILENT,
          "no answer within " + limit.toMillis() + " ms",
          e);
    } catch (InterruptedException e) {
      abandon();
      Thread.currentThread().interrupt();
      throw SqlFailure.of(SqlFailure.Kind.INTERRUPTED, "interrupted", e);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  private SqlFailure failure(@Nullable Throwable cause) {
    SqlFailure failure = failureOf(cause);
    if (failure.kind() == SqlFailure.Kind.LOST) {
      abandon();
    }
    return failure;
  }

  static SqlFailure failureOf(@Nullable Throwable cause) {
    return cause instanceof MySQLException refused
        ? SqlFailure.refused(refused.getErrorCode(), String.valueOf(refused.getMessage()), refused)
        : SqlFailure.of(SqlFailure.Kind.LOST, String.valueOf(cause), cause);
  }

  private static Collector<Row, List<Row>, List<Row>> firstRows(int most) {
    return Collector.of(
        ArrayList::new,
        (rows, row) -> {
          if (rows.size() < most) {
            rows.add(row);
          }
        },
        (one, other) -> one,
        Collector.Characteristics.IDENTITY_FINISH);
  }
}
