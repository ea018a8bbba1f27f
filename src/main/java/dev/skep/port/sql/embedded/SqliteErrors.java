package dev.skep.port.sql.embedded;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.sql.ConstraintViolation;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite's result codes mean for a statement, its transaction and the store. */
final class SqliteErrors {

  private static final int PRIMARY_CODE = 0xFF;

  private SqliteErrors() {}

  /** The exception for a statement that failed. */
  static RuntimeException of(String statement, SQLException e) {
    return switch (code(e)) {
      case SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID ->
          new ConstraintViolation(statement, e);
      default -> endsTransaction(e) ? ofStore(e) : mistake(statement, e);
    };
  }

  /** The exception for a failure that is not a statement's own fault; nothing was changed. */
  static SkepException ofStore(SQLException e) {
    if (isFull(e)) {
      return new SkepException(
          ErrorCode.NO_SPACE,
          "the disk of the database is full; nothing was changed. Delete content or enlarge the disk",
          e);
    }
    return switch (primary(e)) {
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          new SkepException(
              ErrorCode.CORRUPT, "the database is damaged; restore it from a backup", e);
      case SQLITE_INTERRUPT -> tooLong();
      case SQLITE_BUSY, SQLITE_LOCKED ->
          new SkepException(
              ErrorCode.UNAVAILABLE, "another process holds the database; nothing was changed", e);
      default ->
          new SkepException(
              ErrorCode.UNAVAILABLE, "the database did not answer (" + code(e).name() + ")", e);
    };
  }

  static SkepException tooLong() {
    return new SkepException(ErrorCode.UNAVAILABLE, "the time for reading was over");
  }

  /** Whether SQLite may have undone more than the statement, so that its transaction is over. */
  static boolean endsTransaction(SQLException e) {
    return switch (primary(e)) {
      case SQLITE_FULL,
          SQLITE_IOERR,
          SQLITE_NOMEM,
          SQLITE_BUSY,
          SQLITE_LOCKED,
          SQLITE_INTERRUPT,
          SQLITE_CORRUPT,
          SQLITE_NOTADB,
          SQLITE_READONLY,
          SQLITE_CANTOPEN,
          SQLITE_PROTOCOL ->
          true;
      default -> false;
    };
  }

  /** Also where the log's index could not grow, which SQLite does not call full. */
  static boolean isFull(SQLException e) {
    return switch (code(e)) {
      case SQLITE_FULL, SQLITE_IOERR_SHMSIZE -> true;
      default -> false;
    };
  }

  /** Whether a commit that failed so has certainly not happened, and forced nothing in vain. */
  static boolean isKnownRollBack(SQLException e) {
    return switch (primary(e)) {
      case SQLITE_FULL, SQLITE_BUSY, SQLITE_NOMEM -> true;
      default -> false;
    };
  }

  /** Whether a force failed: what the kernel then dropped is never seen again (P2). */
  static boolean isFailedForce(SQLException e) {
    return switch (code(e)) {
      case SQLITE_IOERR_FSYNC, SQLITE_IOERR_DIR_FSYNC -> true;
      default -> false;
    };
  }

  private static IllegalStateException mistake(String statement, SQLException e) {
    return new IllegalStateException(statement + ": " + e.getMessage(), e);
  }

  private static SQLiteErrorCode primary(SQLException e) {
    return SQLiteErrorCode.getErrorCode(code(e).code & PRIMARY_CODE);
  }

  private static SQLiteErrorCode code(SQLException e) {
    return e instanceof SQLiteException sqlite
        ? sqlite.getResultCode()
        : SQLiteErrorCode.UNKNOWN_ERROR;
  }
}
