package dev.skep.port.sql.embedded;

import java.time.Duration;

/**
 * How long callers wait, and what is kept for deleting.
 *
 * @param read a read transaction from its call to its answer
 * @param write a write until it is started, and again until it is answered
 * @param reserve the bytes of the {@link Reserve}
 */
record Limits(Duration read, Duration write, long reserve) {

  static final Limits DEFAULT =
      new Limits(Duration.ofSeconds(5), Duration.ofSeconds(30), Reserve.BYTES);
}
