package dev.skep.port.registry;

import dev.skep.common.Utf8;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a replica tells of itself.
 *
 * @param id made anew at each start; 1–80 characters of {@code [a-z0-9:._-]}
 * @param address where others and people reach it, or empty
 * @param roles such as {@code web} and {@code worker}
 * @param version of Skep
 * @param drivers the name of the chosen driver, by port
 * @param attributes what else is worth showing, such as load; few and small
 */
public record Replica(
    String id,
    String address,
    Set<String> roles,
    String version,
    Map<String, String> drivers,
    Instant startedAt,
    Map<String, String> attributes) {

  /** How many bytes of UTF-8 all its texts may have together. */
  public static final int MAX_BYTES = 16 * 1024;

  private static final Pattern ID = Pattern.compile("[a-z0-9:._-]{1,80}");

  /**
   * @throws IllegalArgumentException when the id is none, or all together is too large or no valid
   *     Unicode
   */
  public Replica {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "A replica's id is 1 to 80 characters of [a-z0-9:._-], not " + id);
    }
    roles = Set.copyOf(roles);
    drivers = Map.copyOf(drivers);
    attributes = Map.copyOf(attributes);
    long bytes =
        Stream.of(
                Stream.of(id, address, version),
                roles.stream(),
                drivers.keySet().stream(),
                drivers.values().stream(),
                attributes.keySet().stream(),
                attributes.values().stream())
            .flatMap(texts -> texts)
            .mapToLong(Replica::bytes)
            .sum();
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "What a replica tells of itself has " + bytes + " bytes, more than " + MAX_BYTES);
    }
  }

  private static long bytes(String text) {
    long bytes = Utf8.length(text);
    if (bytes == Utf8.INVALID) {
      throw new IllegalArgumentException("What a replica tells of itself is not valid Unicode");
    }
    return bytes;
  }
}
