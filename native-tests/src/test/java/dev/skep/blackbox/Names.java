package dev.skep.blackbox;

import java.util.concurrent.atomic.AtomicLong;

/** Names that no other test of the run has. */
public final class Names {

  private static final AtomicLong NEXT = new AtomicLong();

  private Names() {}

  public static String fresh(String word) {
    return word + "-" + NEXT.incrementAndGet();
  }
}
