package dev.skep.testkit;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.sql.ConstraintViolation;
import java.sql.SQLException;

/** What MariaDB's and MySQL's error numbers mean. */
final class JdbcErrors {

  private static final int DUPLICATE = 1062;
  private static final int LOCK_TIME_OUT = 1205;
  private static final int DEADLOCK = 1213;
  private static final int CHANGED_SINCE_READ = 1020;
  private static final int TOO_LONG = 1969;
  private static final int TABLE_FULL = 1114;
  private static final int DISK_FULL = 1021;

  private JdbcErrors() {}

  static RuntimeException of(String statement, SQLException e) {
    if (e.getErrorCode() == DUPLICATE) {
      return new ConstraintViolation(statement, e);
    }
    return endsTransaction(e)
        ? ofStore(e)
        : new IllegalStateException(statement + ": " + e.getMessage(), e);
  }

  static SkepException ofStore(SQLException e) {
    return switch (e.getErrorCode()) {
      case TABLE_FULL, DISK_FULL ->
          new SkepException(ErrorCode.NO_SPACE, "the disk is full; nothing was changed", e);
      default -> new SkepException(ErrorCode.UNAVAILABLE, "the server did not answer", e);
    };
  }

  static boolean isRepeatable(SQLException e) {
    return switch (e.getErrorCode()) {
      case LOCK_TIME_OUT, DEADLOCK, CHANGED_SINCE_READ -> true;
      default -> false;
    };
  }

  static boolean endsTransaction(SQLException e) {
    return isRepeatable(e)
        || switch (e.getErrorCode()) {
          case TOO_LONG, TABLE_FULL, DISK_FULL -> true;
          default -> e.getSQLState() != null && e.getSQLState().startsWith("08");
        };
  }
}
