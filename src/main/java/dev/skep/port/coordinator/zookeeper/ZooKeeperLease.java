package dev.skep.port.coordinator.zookeeper;

import dev.skep.common.SkepException;
import dev.skep.port.coordinator.Coordinator.FencingToken;
import dev.skep.port.leased.RenewableLease;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.zookeeper.KeeperException;
import org.jboss.logging.Logger;

/**
 * A name held by an ephemeral node of a {@link LeaseSession}, whose proofs extend it. A virtual
 * thread of its own watches for its end, so that it comes in time while the servers are silent.
 */
final class ZooKeeperLease extends RenewableLease {

  private static final Logger LOG = Logger.getLogger(ZooKeeperLease.class);

  /** How often it looks, should the clock of a test have jumped. */
  private static final Duration LOOK = Duration.ofMillis(250);

  private final LeaseSession session;
  private final String path;
  private final byte[] data;

  /**
   * @param path of its node
   * @param data that tell its node from those of others
   * @param deadline when its holder stops believing unless it is extended
   */
  ZooKeeperLease(
      LeaseSession session,
      LongSupplier nanoTime,
      String name,
      String path,
      byte[] data,
      FencingToken token,
      long deadline) {
    super(nanoTime, name, token, deadline);
    this.session = session;
    this.path = path;
    this.data = data;
  }

  /** Called once. */
  void startWatch() {
    Thread.ofVirtual().name("lease " + name()).start(this::watchUntilEnded);
  }

  /** The session was proven. */
  void proven(long until) {
    extend(until);
  }

  /** At once if the servers answer in time, else as soon as they do. */
  @Override
  protected void giveBack() {
    try {
      session.removeOnce(path, data);
    } catch (KeeperException | SkepException e) {
      LOG.debugf("%s: not given back yet: %s", name(), e.getMessage());
      Thread.ofVirtual()
          .name("lease " + name() + " is given back")
          .start(() -> session.removeUntilGone(path, data));
    }
  }

  @Override
  protected void ended() {
    session.remove(this);
  }

  private void watchUntilEnded() {
    while (heldAfter(LOOK)) {
      // looks again
    }
    if (isLost()) {
      // What was lost by this clock lives on with its session.
      session.removeUntilGone(path, data);
    }
  }
}
