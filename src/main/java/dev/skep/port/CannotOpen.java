package dev.skep.port;

import org.jspecify.annotations.Nullable;

/** A driver cannot work with its configuration; the process ends with a report of all of these. */
public final class CannotOpen extends RuntimeException {

  private final String key;

  /**
   * @param key the configuration key that is wrong, or whose target is: {@code
   *     skep.sql.embedded.folder}
   * @param detail what is wrong and what to do, without a secret
   */
  public CannotOpen(String key, String detail, @Nullable Throwable cause) {
    super(detail, cause);
    this.key = key;
  }

  public String key() {
    return key;
  }

  /** {@code key: what is wrong and what to do}, one line. */
  public String line() {
    return key + ": " + getMessage();
  }
}
