package dev.skep.common.admission;

import java.time.Duration;

/**
 * Whose request runs next. Of each person only so many run at once, far fewer than all may; the
 * others wait, one of each person in turn ({@link FairPool}). So a person who sends hundreds of
 * requests at once waits for himself, and hardly anybody waits for him.
 *
 * <p>A turn is for work of Skep's own: nobody holds one while he waits for a client, or for memory
 * that a request with a turn may hold.
 */
public final class Turns {

  /** What a request does. */
  public enum Kind {
    READ,
    /** More at once: changes that wait for the disk together are forced together. */
    CHANGE
  }

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How many people may use all of their turns at once before others wait for them. */
  private static final int PEOPLE = 8;

  private final FairPool reads;
  private final FairPool changes;

  /**
   * @param reads of one person that run at once
   * @param changes of one person that run at once
   */
  public Turns(int reads, int changes) {
    this.reads = new FairPool("requests that read", (long) reads * PEOPLE, reads);
    this.changes = new FairPool("requests that change something", (long) changes * PEOPLE, changes);
  }

  /**
   * Waits until it is the person's turn.
   *
   * @throws dev.skep.common.SkepException {@code busy} when it does not come in time
   */
  public Permit take(Kind kind, Object person) {
    return (kind == Kind.READ ? reads : changes).acquire(person, 1, PATIENCE);
  }

  /** How many turns nobody has now. */
  public long free() {
    return reads.free() + changes.free();
  }
}
