package dev.skep.port.sql.mysql;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.sql.ConstraintViolation;

/** What the error numbers of MariaDB and MySQL mean for a statement, its transaction, the store. */
final class MySqlErrors {

  static final int NO_SUCH_TABLE = 1146;

  private static final int DUPLICATE = 1062;

  private MySqlErrors() {}

  /** The exception for a statement that failed. */
  static RuntimeException of(String statement, SqlFailure e) {
    if (e.code() == DUPLICATE) {
      return new ConstraintViolation(statement, e);
    }
    return endsTransaction(e)
        ? ofStore(e)
        : new IllegalStateException(statement + ": " + e.getMessage(), e);
  }

  /** The exception for a failure that is not a statement's own fault; nothing was changed. */
  static SkepException ofStore(SqlFailure e) {
    if (isFull(e)) {
      return new SkepException(
          ErrorCode.NO_SPACE,
          "the disk of the database server is full; nothing was changed. Enlarge it",
          e);
    }
    return new SkepException(
        ErrorCode.UNAVAILABLE,
        switch (e.kind()) {
          case REFUSED -> "the database server refused (" + e.code() + "); nothing was changed";
          case LOST -> "the connection to the database server was lost; nothing was changed";
          case SILENT, LATE -> "the database server did not answer in time; nothing was changed";
          case INTERRUPTED -> "interrupted while waiting; nothing was changed";
        },
        e);
  }

  /** Whether running the whole function again may succeed where this failed. */
  static boolean isRepeatable(SqlFailure e) {
    return isConflict(e) || hasLostServer(e);
  }

  /**
   * Whether the server has undone the transaction, or waits for us to do so, because of another
   * one: deadlock (at a commit too, where a Galera node certifies it), lock time-out, changed since
   * the snapshot, not certified by the group.
   */
  static boolean isConflict(SqlFailure e) {
    return switch (e.code()) {
      case 1213, 1205, 1020, 3101 -> true;
      default -> false;
    };
  }

  /**
   * Whether another connection, perhaps to another server, may do better: it is gone, shuts down,
   * was killed, has become read-only, or left its Galera cluster.
   */
  static boolean hasLostServer(SqlFailure e) {
    return switch (e.kind()) {
      case LOST -> true;
      case REFUSED ->
          switch (e.code()) {
            case 1047, 1053, 1152, 1184, 1290, 1792, 1836, 1927, 3169, 4031 -> true;
            default -> false;
          };
      case SILENT, LATE, INTERRUPTED -> false;
    };
  }

  /**
   * Whether a server that answers is of no use on any connection, as against the one that failed:
   * it shuts down, has become read-only, or its Galera cluster has no quorum. It may go on
   * answering reads, with what is old.
   */
  static boolean mustLeaveServer(SqlFailure e) {
    return switch (e.code()) {
      case 1047, 1053, 1290, 1792, 1836 -> true;
      default -> false;
    };
  }

  /** Whether a commit that was refused so was undone first. */
  static boolean isUndoneCommit(SqlFailure e) {
    return isConflict(e)
        || switch (e.code()) {
          case 1290, 1836 -> true;
          default -> false;
        };
  }

  /** Whether the transaction cannot go on, as against a statement that alone had no effect. */
  static boolean endsTransaction(SqlFailure e) {
    return e.kind() != SqlFailure.Kind.REFUSED
        || isRepeatable(e)
        || isFull(e)
        || isOverloaded(e)
        || wasStopped(e);
  }

  /** The server stopped the statement: its time was over, or an operator killed it. */
  private static boolean wasStopped(SqlFailure e) {
    return switch (e.code()) {
      case 1317, 1969, 3024 -> true;
      default -> false;
    };
  }

  private static boolean isFull(SqlFailure e) {
    return switch (e.code()) {
      case 1021, 1114 -> true;
      case 3, 1026, 1030 -> String.valueOf(e.getMessage()).contains("No space left");
      default -> false;
    };
  }

  /** Out of memory, threads, connections, locks or prepared statements; or its disk fails. */
  private static boolean isOverloaded(SqlFailure e) {
    return switch (e.code()) {
      case 3, 5, 1026, 1030, 1037, 1038, 1040, 1041, 1135, 1180, 1203, 1206, 1226, 1461, 1637 ->
          true;
      default -> false;
    };
  }
}
