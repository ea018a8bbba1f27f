package dev.skep.port.sql.mysql;

import dev.skep.port.CannotOpen;
import java.time.Duration;

/**
 * How long anything may take.
 *
 * @param connect until a server has accepted a connection
 * @param statement the server's own limit for a statement, shorter than the caller's (P18)
 */
record Limits(Duration connect, Duration statement) {

  /** A read from its call to its answer, as the port promises. */
  static final Duration READ = Duration.ofSeconds(5);

  /** A write from its call to its answer, with all its repetitions. */
  static final Duration WRITE = Duration.ofSeconds(30);

  /** The longest wait for the answer to a commit, within {@link #WRITE}. */
  static final Duration COMMIT = Duration.ofSeconds(10);

  /** With less than this left for the answer, a commit is not sent but known not to happen. */
  static final Duration LEAST_COMMIT = Duration.ofMillis(250);

  /** Until a server is found at the start; boot tries again. */
  static final Duration OPEN = Duration.ofSeconds(10);

  private static final Duration SHORTEST_CONNECT = Duration.ofMillis(100);
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(30);
  private static final Duration SHORTEST_STATEMENT = Duration.ofSeconds(2);
  private static final Duration LONGEST_STATEMENT = Duration.ofSeconds(4);
  private static final Duration ON_THE_WAY = Duration.ofSeconds(1);

  static Limits of(MySqlSqlConfig config) {
    Duration connect = config.connectTimeout();
    if (connect.compareTo(SHORTEST_CONNECT) < 0 || connect.compareTo(LONGEST_CONNECT) > 0) {
      throw new CannotOpen("skep.sql.mysql.connect-timeout", "must be 100ms to 30s", null);
    }
    Duration statement = config.statementTimeout();
    if (statement.compareTo(SHORTEST_STATEMENT) < 0
        || statement.compareTo(LONGEST_STATEMENT) > 0
        || statement.getNano() != 0) {
      throw new CannotOpen("skep.sql.mysql.statement-timeout", "must be 2s, 3s or 4s", null);
    }
    return new Limits(connect, statement);
  }

  /** The caller's wait for the answer to a statement. */
  Duration answer() {
    return statement.plus(ON_THE_WAY);
  }

  /** The server's wait for a lock; then it says so, and the transaction is run again. */
  Duration lock() {
    return statement.minus(ON_THE_WAY);
  }
}
