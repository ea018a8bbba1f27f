package dev.skep.domain.duty;

import dev.skep.port.pubsub.PubSub;
import jakarta.inject.Singleton;

/**
 * Tells the holder of a duty's shard, on whichever replica, that there is something to do. A hint:
 * one that is lost costs the time until the next run.
 */
@Singleton
public class Wakeups {

  /** Its text is a duty and a shard: {@code sweeper/7}. */
  static final String SUBJECT = "duties.wake";

  private final PubSub hints;

  public Wakeups(PubSub hints) {
    this.hints = hints;
  }

  public void wake(String duty, int shard) {
    hints.publish(SUBJECT, duty + "/" + shard);
  }
}
