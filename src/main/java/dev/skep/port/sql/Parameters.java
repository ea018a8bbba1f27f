package dev.skep.port.sql;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How every driver stores what {@link Tx} takes, so that all engines hold the same (P4). */
public final class Parameters {

  private static final int UUID_BYTES = 16;

  private Parameters() {}

  /**
   * The parameter as a String, Long, byte[] or null.
   *
   * @throws IllegalStateException for any type that {@link Tx} does not name
   */
  public static @Nullable Object stored(@Nullable Object parameter) {
    return switch (parameter) {
      case null -> null;
      case String text -> text;
      case Long number -> number;
      case Integer number -> number.longValue();
      case Boolean flag -> flag ? 1L : 0L;
      case UUID id -> bytes(id);
      case Instant time ->
          ChronoUnit.MICROS.between(Instant.EPOCH, time.truncatedTo(ChronoUnit.MICROS));
      case byte[] bytes -> bytes;
      default ->
          throw new IllegalStateException(
              "a " + parameter.getClass().getName() + " cannot be a parameter; see Tx");
    };
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(UUID_BYTES)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }
}
