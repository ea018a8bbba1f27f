package dev.skep.port.cache;

import java.time.Duration;

/** The limits that every driver holds its callers to, so that none is more lenient than another. */
public final class CacheLimits {

  public static final int MAX_KEY = 200;
  public static final int MAX_VALUE = 1 << 20;
  public static final Duration MIN_TIME_TO_LIVE = Duration.ofMillis(1);
  public static final Duration MAX_TIME_TO_LIVE = Duration.ofDays(30);

  private CacheLimits() {}

  /** Returns the key when it is one. */
  public static String key(String key) {
    if (key.isEmpty() || key.length() > MAX_KEY || !key.chars().allMatch(CacheLimits::allowed)) {
      throw new IllegalArgumentException(
          "A cache key is 1 to " + MAX_KEY + " characters of [a-z0-9:._-]");
    }
    return key;
  }

  /** Returns the value when it is not too long. */
  public static byte[] value(byte[] value) {
    if (value.length > MAX_VALUE) {
      throw new IllegalArgumentException(
          "A cached value is at most " + MAX_VALUE + " bytes, not " + value.length);
    }
    return value;
  }

  /** Returns the time to live when it is within bounds. */
  public static Duration timeToLive(Duration timeToLive) {
    if (timeToLive.compareTo(MIN_TIME_TO_LIVE) < 0 || timeToLive.compareTo(MAX_TIME_TO_LIVE) > 0) {
      throw new IllegalArgumentException("A time to live is 1 ms to 30 days, not " + timeToLive);
    }
    return timeToLive;
  }

  private static boolean allowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == ':'
        || c == '.'
        || c == '_'
        || c == '-';
  }
}
