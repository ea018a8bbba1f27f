package dev.skep.domain;

import java.util.Locale;

/** What an entry can grant on a node and all below it. */
public enum Right {
  READ,
  WRITE,
  DELETE,
  SHARE,
  ADMIN;

  int bit() {
    return 1 << ordinal();
  }

  /** The word of the API. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
