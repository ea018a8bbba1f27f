package dev.skep.port.config;

import dev.skep.common.Utf8;
import java.util.regex.Pattern;

/** The rules for keys and values of {@link ConfigStore}, for all drivers. */
public final class ConfigKey {

  public static final int MAX_LENGTH = 200;
  public static final int MAX_VALUE_BYTES = 64 * 1024;

  private static final Pattern VALID = Pattern.compile("[a-z0-9._/-]+");

  private ConfigKey() {}

  /**
   * Gives the key back.
   *
   * @throws IllegalArgumentException when it is not one
   */
  public static String checked(String key) {
    if (key.length() > MAX_LENGTH || !VALID.matcher(key).matches()) {
      throw new IllegalArgumentException("Not a key of a setting: " + key);
    }
    return key;
  }

  /**
   * Gives the value back.
   *
   * @throws IllegalArgumentException when it is too long or no valid Unicode
   */
  public static String checkedValue(String value) {
    long bytes = Utf8.length(value);
    if (bytes == Utf8.INVALID) {
      throw new IllegalArgumentException("The value of a setting is not valid Unicode");
    }
    if (bytes > MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "The value of a setting has " + bytes + " bytes, more than " + MAX_VALUE_BYTES);
    }
    return value;
  }
}
