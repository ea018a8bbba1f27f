package dev.skep.port.coordinator;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Leases with fencing tokens, and work shared out among replicas.
 *
 * <h2>Leases</h2>
 *
 * At any time at most one holder believes that it holds a name: a holder stops believing by its own
 * monotonic clock before the store lets another one in, whether or not the server answers (P12). A
 * lease is renewed in the background until it is released or lost; once lost it is never held
 * again. When a holder dies another gets the name within the lease's duration plus {@link
 * #slack()}. A lease is not reentrant: its own holder does not get the name a second time. A name
 * is 1–80 characters of {@code [a-z0-9:._-]}; anything else is refused with an {@link
 * IllegalArgumentException}, as is a duration out of bounds.
 *
 * <h2>Fencing tokens</h2>
 *
 * Every new holder of a name gets a greater {@link FencingToken#number()} than any before it under
 * the same {@link FencingToken#identity()}; the identity changes when the store that counts was
 * made anew (P11).
 *
 * <h2>Shared-out work</h2>
 *
 * {@link #share} divides shards among all members of a name, evenly to within one shard once
 * membership is quiet; each shard has at most one holder, under a lease of its own. A new or
 * departed member leads to a new division within the lease's duration plus {@link #slack()}. A
 * member that must give a shard up stops renewing its lease, is told by {@link ShardListener#lost},
 * and the shard is free as soon as that returns, or else when the lease ends. A shard whose lease
 * is lost, or closed by its listener, while its member lives is told as lost and acquired again
 * under a new token. Names of shared-out work and of leases are apart. All members name the same
 * number of shards.
 *
 * <h2>Failures</h2>
 *
 * {@code unavailable} when the store does not answer in time. Thread-safe.
 */
public interface Coordinator {

  /** How much longer than the lease a take-over may last. */
  Duration slack();

  /**
   * Takes the name if nobody holds it, else returns null at once.
   *
   * @param duration 1 s to 5 min; after a holder's death the name is free after it plus {@link
   *     #slack()}
   */
  @Nullable Lease tryAcquire(String name, Duration duration);

  /**
   * Takes part in the shared-out work until the membership is closed.
   *
   * @param shards 1 to 1,000
   * @param duration of each shard's lease, as for {@link #tryAcquire}
   */
  Membership share(String name, int shards, Duration duration, ShardListener listener);

  /** The right to act under a name, for a while. Thread-safe. */
  interface Lease extends AutoCloseable {

    String name();

    FencingToken token();

    /** Whether the lease is still held, by this process' monotonic clock. */
    boolean held();

    /**
     * Runs once, on a virtual thread, when the lease is lost other than by {@link #close}; at once
     * if it already is.
     */
    void onLoss(Runnable action);

    /** Gives the name back, so that another can take it at once. */
    @Override
    void close();
  }

  /**
   * Told of shards on virtual threads; calls for one shard never overlap, and each {@link #gained}
   * is followed by exactly one {@link #lost} while the process lives. What a listener throws is
   * logged and changes nothing.
   */
  interface ShardListener {

    /** This member holds the shard from now on. */
    void gained(int shard, Lease lease);

    /** This member no longer holds the shard. */
    void lost(int shard);
  }

  /** A member's part in shared-out work. */
  interface Membership extends AutoCloseable {

    /** The shards whose leases this member holds now. */
    Set<Integer> shards();

    /**
     * Leaves, and gives its shards back at once: as soon as {@link ShardListener#lost} returned for
     * each. Waits for that, at most until the leases end. Closing twice does nothing.
     */
    @Override
    void close();
  }

  /**
   * Orders the holders of a name.
   *
   * @param identity of the store that counts
   * @param number grows with every new holder
   */
  record FencingToken(String identity, long number) {}
}
