package dev.skep.blackbox.crash;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** One life of a drive: the moment at which it will be killed, and the one at which it was. */
final class Round {

  private final int number;
  private final long dies;
  private volatile long killed;

  Round(int number, Duration life) {
    this.number = number;
    this.dies = System.nanoTime() + life.toNanos();
  }

  int number() {
    return number;
  }

  /** Waits until so long before the kill; never longer than that. */
  void awaitDeath(Duration before) {
    long left;
    while ((left = dies - before.toNanos() - System.nanoTime()) > 0) {
      LockSupport.parkNanos(left);
    }
  }

  /** To be called just before the kill. */
  void killed() {
    killed = System.nanoTime();
  }

  boolean isKilled() {
    return killed != 0;
  }

  /** Whether something that was begun at this time was begun before the kill. */
  boolean isBefore(long nanos) {
    return nanos - killed < 0;
  }
}
