package dev.skep.bench.row;

/** Sizes of files as people say them. */
final class Sizes {

  private static final long MEGA = 1_000_000;
  private static final long GIGA = 1_000_000_000;

  private Sizes() {}

  /** Of round numbers only: 2 GB, 400 MB. */
  static String text(long bytes) {
    return bytes % GIGA == 0 ? bytes / GIGA + " GB" : bytes / MEGA + " MB";
  }
}
