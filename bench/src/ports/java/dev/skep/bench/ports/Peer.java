package dev.skep.bench.ports;

/**
 * The bare client doing what a driver does.
 *
 * @param steps which it takes, for the table
 * @param isEqual whether it takes all that the contract asks of the driver, so that the budget
 *     counts beside it; else it only informs
 */
record Peer(String steps, boolean isEqual, Operation operation) {

  static Peer equal(String steps, Operation operation) {
    return new Peer(steps, true, operation);
  }

  /** What a bare client would rather do, which keeps less than the contract promises. */
  static Peer informing(String steps, Operation operation) {
    return new Peer(steps, false, operation);
  }
}
