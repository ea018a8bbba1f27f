package dev.skep.boot;

import java.time.Duration;

/** How far a port has come on this replica. */
sealed interface PortState {

  /**
   * Its driver is not open yet and is being tried.
   *
   * @param reason what the last try has failed with, for operators; empty before the first has
   *     ended
   */
  record Waiting(String reason) implements PortState {}

  /**
   * Its driver is open; whether the server answers now is another question.
   *
   * @param took from the first try to the one that succeeded
   */
  record Open(Duration took) implements PortState {}

  /** This replica is stopping. */
  record Closed() implements PortState {}
}
