package dev.skep.blackbox.cluster.history;

/**
 * Who did something and when, by one monotonic clock for all.
 *
 * @param client counted from 0
 * @param began before the request was sent
 * @param ended after the answer had come, or was given up
 */
record Span(int client, long began, long ended) {

  /** Whether it was over before the other began. */
  boolean before(Span other) {
    return ended < other.began;
  }

  @Override
  public String toString() {
    return "client %d at %d-%d".formatted(client, began, ended);
  }
}
