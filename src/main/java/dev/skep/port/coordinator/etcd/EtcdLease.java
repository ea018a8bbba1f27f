package dev.skep.port.coordinator.etcd;

import dev.skep.common.SkepException;
import dev.skep.port.coordinator.Coordinator.FencingToken;
import dev.skep.port.etcd.EtcdConnection;
import dev.skep.port.leased.RenewableLease;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * A name held under an etcd lease, renewed by a virtual thread of its own. The holder believes in
 * it from the moment it <em>sent</em> the last renewal that etcd granted, for a little less than
 * etcd keeps it: so etcd, which counts from later, never lets another one in before.
 */
final class EtcdLease extends RenewableLease {

  private static final Logger LOG = Logger.getLogger(EtcdLease.class);

  /**
   * How much sooner than etcd the holder stops believing. A leader that was just cut off from its
   * cluster still renews leases until it notices (etcd before 3.5.13), while its successor counts
   * from its election.
   */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private final EtcdConnection etcd;
  private final LongSupplier nanoTime;
  private final Consumer<EtcdLease> onEnd;
  private final long id;
  private final Duration belief;

  /**
   * @param granted by etcd
   * @param sent when it was asked for, by the monotonic clock
   */
  EtcdLease(
      EtcdConnection etcd,
      LongSupplier nanoTime,
      Consumer<EtcdLease> onEnd,
      String name,
      FencingToken token,
      EtcdConnection.Granted granted,
      Duration duration,
      long sent) {
    super(nanoTime, name, token, sent + belief(granted.duration(), duration).toNanos());
    this.etcd = etcd;
    this.nanoTime = nanoTime;
    this.onEnd = onEnd;
    this.id = granted.id();
    this.belief = belief(granted.duration(), duration);
  }

  /** How long a holder believes after it sent a renewal. */
  private static Duration belief(Duration granted, Duration duration) {
    Duration safe = granted.minus(MARGIN);
    return safe.compareTo(duration) < 0 ? safe : duration;
  }

  /** Called once. */
  void startRenewal() {
    Thread.ofVirtual().name("lease " + name()).start(this::renewUntilEnded);
  }

  @Override
  protected void giveBack() {
    revoke();
  }

  @Override
  protected void ended() {
    onEnd.accept(this);
  }

  /** Gives it back in etcd, at once where etcd answers. */
  void revoke() {
    Revocation.of(etcd, id, name());
  }

  private void renewUntilEnded() {
    Duration pause = belief.dividedBy(3);
    while (heldAfter(pause)) {
      pause = renewed() ? belief.dividedBy(3) : belief.dividedBy(12);
    }
    if (isLost()) {
      // What was lost by this clock may not be over by etcd's.
      revoke();
    }
  }

  /** Never beyond its end, which a black hole would hide that long. */
  private Duration patience() {
    return Collections.min(List.of(belief.dividedBy(3), etcd.settings().timeOut(), left()));
  }

  /** False when it could not be renewed now and must be tried again soon. */
  private boolean renewed() {
    if (!isRenewing()) {
      return true;
    }
    long sent = nanoTime.getAsLong();
    Duration lasts;
    try {
      lasts = etcd.keepAlive(id, patience());
    } catch (SkepException e) {
      LOG.debugf("%s: not renewed yet: %s", name(), e.detail());
      return false;
    } catch (RuntimeException e) {
      // Without this thread nobody would be told of the loss.
      LOG.errorf(e, "%s: not renewed", name());
      return false;
    }
    if (lasts.isZero()) {
      lose();
    } else {
      extend(sent + belief.toNanos());
    }
    return true;
  }
}
