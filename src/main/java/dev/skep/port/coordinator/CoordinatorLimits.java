package dev.skep.port.coordinator;

import java.time.Duration;
import java.util.regex.Pattern;

/** The limits that every driver holds its callers to, so that none is more lenient than another. */
public final class CoordinatorLimits {

  public static final Duration MIN_LEASE = Duration.ofSeconds(1);
  public static final Duration MAX_LEASE = Duration.ofMinutes(5);
  public static final int MAX_SHARDS = 1_000;

  private static final Pattern NAME = Pattern.compile("[a-z0-9:._-]{1,80}");

  private CoordinatorLimits() {}

  /** Returns the name when it is one. */
  public static String name(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "A coordinator's name is 1 to 80 characters of [a-z0-9:._-], not " + name);
    }
    return name;
  }

  /** Returns the lease's duration when it is within bounds. */
  public static Duration duration(Duration duration) {
    if (duration.compareTo(MIN_LEASE) < 0 || duration.compareTo(MAX_LEASE) > 0) {
      throw new IllegalArgumentException("A lease lasts 1 s to 5 min, not " + duration);
    }
    return duration;
  }

  /** Returns the number of shards when it is within bounds. */
  public static int shards(int shards) {
    if (shards < 1 || shards > MAX_SHARDS) {
      throw new IllegalArgumentException("Work is shared out in 1 to 1,000 shards, not " + shards);
    }
    return shards;
  }
}
