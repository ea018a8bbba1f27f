package dev.skep.testkit;

import java.util.Random;

/** Bytes that only two numbers decide, so that two processes know them. */
public final class Bodies {

  private Bodies() {}

  /** Up to this many bytes: what the writer writes under that number. */
  public static byte[] of(int writer, long number, int atMost) {
    Random random = new Random(writer * 1_000_003L + number);
    byte[] body = new byte[random.nextInt(atMost)];
    random.nextBytes(body);
    return body;
  }
}
