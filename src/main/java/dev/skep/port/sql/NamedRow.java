package dev.skep.port.sql;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The row of every driver.
 *
 * @param positions of the values, by column
 * @param values each a String, Long, byte[] or null
 */
public record NamedRow(Map<String, Integer> positions, @Nullable Object[] values) implements Row {

  private static final int UUID_BYTES = 16;

  @Override
  public @Nullable Object value(String column) {
    Integer position = positions.get(column);
    if (position == null) {
      throw new IllegalStateException("no column " + column + " among " + positions.keySet());
    }
    return values[position];
  }

  /** The positions of columns that are named in this order; of two alike the first counts. */
  public static Map<String, Integer> positions(List<String> columns) {
    Map<String, Integer> positions = new HashMap<>();
    for (int at = 0; at < columns.size(); at++) {
      positions.putIfAbsent(columns.get(at), at);
    }
    return Map.copyOf(positions);
  }

  @Override
  public @Nullable String textOrNull(String column) {
    return switch (value(column)) {
      case null -> null;
      case String text -> text;
      case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
      case Object other -> throw wrong(column, "a text", other);
    };
  }

  @Override
  public @Nullable Long numberOrNull(String column) {
    return switch (value(column)) {
      case null -> null;
      case Long number -> number;
      case Object other -> throw wrong(column, "a number", other);
    };
  }

  @Override
  public byte @Nullable [] bytesOrNull(String column) {
    return switch (value(column)) {
      case null -> null;
      case byte[] bytes -> bytes.clone();
      case String text -> text.getBytes(StandardCharsets.UTF_8);
      case Object other -> throw wrong(column, "bytes", other);
    };
  }

  @Override
  public @Nullable UUID idOrNull(String column) {
    return switch (value(column)) {
      case null -> null;
      case byte[] bytes when bytes.length == UUID_BYTES -> {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        yield new UUID(buffer.getLong(), buffer.getLong());
      }
      case Object other -> throw wrong(column, "an id", other);
    };
  }

  @Override
  public @Nullable Instant timeOrNull(String column) {
    Long micros = numberOrNull(column);
    return micros == null ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  @Override
  public String text(String column) {
    return present(column, textOrNull(column));
  }

  @Override
  public long number(String column) {
    return present(column, numberOrNull(column));
  }

  @Override
  public byte[] bytes(String column) {
    return present(column, bytesOrNull(column));
  }

  @Override
  public UUID id(String column) {
    return present(column, idOrNull(column));
  }

  @Override
  public Instant time(String column) {
    return present(column, timeOrNull(column));
  }

  private static <T> T present(String column, @Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("column " + column + " is NULL");
    }
    return value;
  }

  private static IllegalStateException wrong(String column, String wanted, Object value) {
    return new IllegalStateException(
        "column " + column + " is not " + wanted + " but a " + value.getClass().getSimpleName());
  }
}
