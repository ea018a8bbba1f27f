package dev.skep.port.coordinator.zookeeper;

import dev.skep.common.SkepException;
import dev.skep.port.coordinator.Coordinator.FencingToken;
import dev.skep.port.coordinator.Coordinator.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.zookeeper.KeeperException;
import org.jboss.logging.Logger;

/**
 * A name held by an ephemeral node of a {@link LeaseSession}, whose proofs extend it. A virtual
 * thread of its own watches for its end, so that it comes in time while the servers are silent.
 */
final class ZooKeeperLease implements Lease {

  private static final Logger LOG = Logger.getLogger(ZooKeeperLease.class);

  /** How often it looks, should the clock of a test have jumped. */
  private static final Duration LOOK = Duration.ofMillis(250);

  private enum State {
    HELD,
    RELEASED,
    LOST
  }

  private final LeaseSession session;
  private final LongSupplier nanoTime;
  private final String name;
  private final String path;
  private final byte[] data;
  private final FencingToken token;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private final List<Runnable> lossActions = new ArrayList<>();
  private volatile State state = State.HELD;
  private volatile long deadline;
  private boolean renewing = true;

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
    this.session = session;
    this.nanoTime = nanoTime;
    this.name = name;
    this.path = path;
    this.data = data;
    this.token = token;
    this.deadline = deadline;
  }

  /** Called once. */
  void startWatch() {
    Thread.ofVirtual().name("lease " + name).start(this::watchUntilEnded);
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
      giveBack();
    }
  }

  /** The holder must give it up: it ends by itself after its time, if not closed before. */
  void stopRenewing() {
    locked(() -> renewing = false);
  }

  /** The session was proven; what is over by this clock stays over. */
  void extend(long until) {
    locked(
        () -> {
          loseIfExpired();
          if (state == State.HELD && renewing && until - deadline > 0) {
            deadline = until;
          }
        });
  }

  /** Ends it before its time, because its session or the coordinator ends. */
  void lose() {
    locked(
        () -> {
          if (state == State.HELD) {
            end(State.LOST);
          }
        });
  }

  /** At once if the servers answer in time, else as soon as they do. */
  private void giveBack() {
    try {
      session.removeOnce(path, data);
    } catch (KeeperException | SkepException e) {
      LOG.debugf("%s: not given back yet: %s", name, e.getMessage());
      Thread.ofVirtual()
          .name("lease " + name + " is given back")
          .start(() -> session.removeUntilGone(path, data));
    }
  }

  private void watchUntilEnded() {
    while (stillHeld()) {
      // looks again
    }
    if (state == State.LOST) {
      // What was lost by this clock lives on with its session.
      session.removeUntilGone(path, data);
    }
  }

  private boolean stillHeld() {
    lock.lock();
    try {
      long left = Math.min(LOOK.toNanos(), deadline - nanoTime.getAsLong());
      if (state == State.HELD && left > 0) {
        ended.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; it would only look earlier.
    } finally {
      lock.unlock();
    }
    locked(this::loseIfExpired);
    return state == State.HELD;
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
    session.remove(this);
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
