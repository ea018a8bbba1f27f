package dev.skep.port.sql.mysql;

import org.jspecify.annotations.Nullable;

/**
 * A statement or a connection failed; what that means for a transaction is in {@link MySqlErrors}.
 */
final class SqlFailure extends Exception {

  enum Kind {
    /** The server answered with an error. */
    REFUSED,
    /** The connection ended, or could not be made. */
    LOST,
    /** No answer came for long; the connection was given up. */
    SILENT,
    /** No answer came in the little time that the caller had left; the connection was given up. */
    LATE,
    /** The waiting thread was interrupted; the connection was given up. */
    INTERRUPTED
  }

  private final Kind kind;
  private final int code;

  private SqlFailure(Kind kind, int code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.code = code;
  }

  static SqlFailure refused(int code, String message, @Nullable Throwable cause) {
    return new SqlFailure(Kind.REFUSED, code, message, cause);
  }

  static SqlFailure of(Kind kind, String message, @Nullable Throwable cause) {
    return new SqlFailure(kind, 0, message, cause);
  }

  Kind kind() {
    return kind;
  }

  /** The server's error number; 0 unless it answered. */
  int code() {
    return code;
  }
}
