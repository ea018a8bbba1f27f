package dev.skep.port.coordinator.etcd;

import dev.skep.common.SkepException;
import dev.skep.port.coordinator.Coordinator.FencingToken;
import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.port.etcd.EtcdConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * A name held under an etcd lease, renewed by a virtual thread of its own. The holder believes in
 * it from the moment it <em>sent</em> the last renewal that etcd granted, for a little less than
 * etcd keeps it: so etcd, which counts from later, never lets another one in before.
 */
final class EtcdLease implements Lease {

  private static final Logger LOG = Logger.getLogger(EtcdLease.class);

  /**
   * How much sooner than etcd the holder stops believing. A leader that was just cut off from its
   * cluster still renews leases until it notices (etcd before 3.5.13), while its successor counts
   * from its election.
   */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private enum State {
    HELD,
    RELEASED,
    LOST
  }

  private final EtcdConnection etcd;
  private final LongSupplier nanoTime;
  private final Consumer<EtcdLease> onEnd;
  private final String name;
  private final FencingToken token;
  private final long id;
  private final Duration belief;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private final List<Runnable> lossActions = new ArrayList<>();
  private volatile State state = State.HELD;
  private volatile long deadline;
  private boolean renewing = true;

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
    this.etcd = etcd;
    this.nanoTime = nanoTime;
    this.onEnd = onEnd;
    this.name = name;
    this.token = token;
    this.id = granted.id();
    this.belief = belief(granted.duration(), duration);
    this.deadline = sent + belief.toNanos();
  }

  /** How long a holder believes after it sent a renewal. */
  private static Duration belief(Duration granted, Duration duration) {
    Duration safe = granted.minus(MARGIN);
    return safe.compareTo(duration) < 0 ? safe : duration;
  }

  /** Called once. */
  void startRenewal() {
    Thread.ofVirtual().name("lease " + name).start(this::renewUntilEnded);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public FencingToken token() {
    return token;
  }

  @Override
  public boolean held() {
    return state == State.HELD && nanoTime.getAsLong() - deadline < 0;
  }

  @Override
  public void onLoss(Runnable action) {
    locked(
        () -> {
          loseIfExpired();
          switch (state) {
            case HELD -> lossActions.add(action);
            case LOST -> start(action);
            case RELEASED -> {}
          }
        });
  }

  @Override
  public void close() {
    boolean[] released = new boolean[1];
    locked(
        () -> {
          loseIfExpired();
          if (state == State.HELD) {
            end(State.RELEASED);
            released[0] = true;
          }
        });
    if (released[0]) {
      revoke();
    }
  }

  /** The holder must give it up: it ends by itself after its time, if not closed before. */
  void stopRenewing() {
    locked(() -> renewing = false);
  }

  /** Ends it before its time, because the coordinator closes. */
  void lose() {
    locked(
        () -> {
          if (state == State.HELD) {
            end(State.LOST);
          }
        });
  }

  /** Gives it back in etcd at once; should that fail, etcd ends it when its time is over. */
  void revoke() {
    try {
      etcd.revoke(id);
    } catch (SkepException e) {
      LOG.debugf("%s: not given back, it ends by itself: %s", name, e.detail());
    }
  }

  private void renewUntilEnded() {
    Duration pause = belief.dividedBy(3);
    while (stillHeldAfter(pause)) {
      pause = renewed() ? belief.dividedBy(3) : belief.dividedBy(12);
    }
    if (state == State.LOST) {
      // What was lost by this clock may not be over by etcd's.
      revoke();
    }
  }

  private boolean stillHeldAfter(Duration pause) {
    lock.lock();
    try {
      long left = Math.min(pause.toNanos(), deadline - nanoTime.getAsLong());
      while (state == State.HELD && left > 0) {
        left = ended.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; it would only look earlier.
    } finally {
      lock.unlock();
    }
    locked(this::loseIfExpired);
    return state == State.HELD;
  }

  /** False when it could not be renewed now and must be tried again soon. */
  private boolean renewed() {
    boolean[] wanted = new boolean[1];
    locked(() -> wanted[0] = renewing);
    if (!wanted[0]) {
      return true;
    }
    long sent = nanoTime.getAsLong();
    Duration patience = belief.dividedBy(3);
    Duration timeOut = etcd.settings().timeOut();
    Duration lasts;
    try {
      lasts = etcd.keepAlive(id, patience.compareTo(timeOut) < 0 ? patience : timeOut);
    } catch (SkepException e) {
      LOG.debugf("%s: not renewed yet: %s", name, e.detail());
      return false;
    }
    locked(
        () -> {
          loseIfExpired();
          if (state == State.HELD && lasts.isZero()) {
            end(State.LOST);
          } else if (state == State.HELD && renewing) {
            deadline = sent + belief.toNanos();
          }
        });
    return true;
  }

  private void loseIfExpired() {
    if (state == State.HELD && !held()) {
      end(State.LOST);
    }
  }

  private void end(State last) {
    state = last;
    if (last == State.LOST) {
      lossActions.forEach(this::start);
    }
    lossActions.clear();
    ended.signalAll();
    onEnd.accept(this);
  }

  private void start(Runnable action) {
    Thread.ofVirtual().name("loss of lease " + name).start(action);
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }
}
