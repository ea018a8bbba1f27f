package dev.skep.port.coordinator.etcd;

import dev.skep.common.SkepException;
import dev.skep.port.etcd.EtcdConnection;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * Gives a lease back that nobody will renew. Where etcd does not answer it is tried again in the
 * background: the lease would end by itself, but each election in the meantime gives it its whole
 * time anew.
 */
final class Revocation {

  private static final Logger LOG = Logger.getLogger(Revocation.class);

  /** After which even a lease of the longest time is over, if no election comes. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final EtcdConnection etcd;
  private final long lease;
  private final String name;

  private Revocation(EtcdConnection etcd, long lease, String name) {
    this.etcd = etcd;
    this.lease = lease;
    this.name = name;
  }

  /**
   * Tries once, and goes on in the background if it must.
   *
   * @param name for the log
   */
  static void of(EtcdConnection etcd, long lease, String name) {
    Revocation revocation = new Revocation(etcd, lease, name);
    if (!revocation.succeeds()) {
      Thread.ofVirtual().name("lease " + name + " is given back").start(revocation::goOn);
    }
  }

  private boolean succeeds() {
    try {
      etcd.revoke(lease);
      return true;
    } catch (SkepException e) {
      LOG.debugf("%s: not given back yet: %s", name, e.detail());
      return false;
    }
  }

  private void goOn() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!etcd.isClosed() && System.nanoTime() - end < 0) {
        Thread.sleep(ThreadLocalRandom.current().nextInt(200, 600));
        if (succeeds()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
