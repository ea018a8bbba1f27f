package dev.skep.port.sql.embedded;

import java.time.Duration;

/**
 * How long callers wait.
 *
 * @param read a read transaction from its call to its answer
 * @param write a write until it is started, and again until it is answered
 */
record Limits(Duration read, Duration write) {

  static final Limits DEFAULT = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(30));
}
