package dev.skep.domain.content;

import java.io.IOException;
import java.io.InputStream;

/** Takes a body in, read by read. */
interface Taker {

  /**
   * Takes what one read of the body gives.
   *
   * @return false at the body's end, or when it wants no more
   */
  boolean take(InputStream body) throws IOException;

  /** The bytes taken so far. */
  long size();
}
