package dev.skep.port.objects;

import java.util.regex.Pattern;

/** The rule for keys of {@link ObjectStore}, for all drivers. */
public final class BlobKey {

  public static final int MAX_LENGTH = 200;

  private static final Pattern VALID = Pattern.compile("[a-z0-9-]+(/[a-z0-9-]+)*");

  private BlobKey() {}

  /**
   * Gives the key back.
   *
   * @throws IllegalArgumentException when it is not one
   */
  public static String checked(String key) {
    if (key.length() > MAX_LENGTH || !VALID.matcher(key).matches()) {
      throw new IllegalArgumentException("Not a key of a blob: " + key);
    }
    return key;
  }
}
