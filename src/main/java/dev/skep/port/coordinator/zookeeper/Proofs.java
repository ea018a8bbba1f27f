package dev.skep.port.coordinator.zookeeper;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Signs of life of a session that the servers have surely counted.
 *
 * <p>The member that a session is connected to answers pings by itself, also for seconds after it
 * was cut off from its leader, and it is the leader who ends sessions. Only a transaction that
 * succeeded proves more: a majority agreed on it, so it reached the leader. With it came whatever
 * the member had to tell before, and it tells of its clients every half of a tick. So when a
 * transaction succeeds, the leader has counted each one that was answered half a tick before that
 * one was sent. Not thread-safe.
 */
final class Proofs {

  private record Proof(long sent, long answered) {}

  private final long halfTick;
  private final Deque<Proof> latest = new ArrayDeque<>();

  /**
   * Of those that were answered half a tick ago, the last; the leader itself opened the session.
   */
  private long counted;

  /**
   * @param opened when the session was asked for, in nanoseconds of the holders' clock
   */
  Proofs(long opened, Duration tick) {
    this.counted = opened;
    this.halfTick = tick.toNanos() / 2;
  }

  /** A transaction has succeeded. */
  void succeeded(long sent, long answered) {
    countUntil(sent);
    latest.addLast(new Proof(sent, answered));
  }

  /** From when on the leader counts at least, if a transaction succeeds that was sent then. */
  long countedFrom(long sent) {
    countUntil(sent);
    return counted;
  }

  private void countUntil(long sent) {
    while (!latest.isEmpty() && sent - latest.getFirst().answered() >= halfTick) {
      counted = latest.removeFirst().sent();
    }
  }
}
