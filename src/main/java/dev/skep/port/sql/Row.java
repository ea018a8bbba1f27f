package dev.skep.port.sql;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One row of a result, a copy that outlives its transaction. Columns are named as in the SELECT, in
 * lower case. The plain getters refuse NULL with an {@link IllegalStateException} that names the
 * column; the {@code …OrNull} ones pass it on.
 */
public interface Row {

  /**
   * The value as the driver read it: String, Long, byte[] or null; binary columns of text come as
   * byte[].
   */
  @Nullable Object value(String column);

  String text(String column);

  @Nullable String textOrNull(String column);

  long number(String column);

  @Nullable Long numberOrNull(String column);

  byte[] bytes(String column);

  byte @Nullable [] bytesOrNull(String column);

  default boolean flag(String column) {
    return number(column) != 0;
  }

  UUID id(String column);

  @Nullable UUID idOrNull(String column);

  /** Microseconds since 1970 as an instant. */
  Instant time(String column);

  @Nullable Instant timeOrNull(String column);
}
