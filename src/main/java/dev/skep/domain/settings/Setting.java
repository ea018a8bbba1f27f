package dev.skep.domain.settings;

import dev.skep.common.SkepException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Every setting that there is: whole numbers within bounds, so far. A setting is here only when
 * something reads it.
 */
public enum Setting {
  SESSION_HOURS(
      "identity.session-hours",
      24,
      1,
      8760,
      "Hours after which a session ends and its user logs in anew; counts for sessions made from now on"),
  DEFAULT_HOME_QUOTA(
      "quota.default-home",
      -1,
      -1,
      Bounds.JSON_MAX,
      "Bytes that a new user's home may hold where nothing else is said; -1 for no limit"),
  MAX_UPLOAD_BYTES(
      "upload.max-bytes",
      1L << 40,
      1,
      Bounds.JSON_MAX,
      "Bytes that one upload may have; larger ones are refused with 413");

  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,16}");

  private final String key;
  private final long defaultValue;
  private final long min;
  private final long max;
  private final String description;

  Setting(String key, long defaultValue, long min, long max, String description) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.min = min;
    this.max = max;
    this.description = description;
  }

  static Optional<Setting> of(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }

  public String key() {
    return key;
  }

  public long defaultValue() {
    return defaultValue;
  }

  public String description() {
    return description;
  }

  /** What it may hold, in words. */
  public String allowed() {
    return "a whole number from " + min + " to " + max;
  }

  /** Reads a stored value; empty when it is none that this version knows. */
  Optional<Long> parse(@Nullable String text) {
    if (text == null || !WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    return Optional.of(Long.parseLong(text)).filter(this::holds);
  }

  /** Refuses what it may not hold. */
  long checked(@Nullable Long value) {
    if (value == null || !holds(value)) {
      throw SkepException.field("/value", "must be " + allowed());
    }
    return value;
  }

  private boolean holds(long value) {
    return value >= min && value <= max;
  }

  /** Nested because an enum's constants cannot use its own fields. */
  private static final class Bounds {
    /** The largest whole number that every JSON reader keeps exactly (RFC 8259 section 6). */
    static final long JSON_MAX = (1L << 53) - 1;
  }
}
