package dev.skep.port.coordinator.zookeeper;

import dev.skep.common.SkepException;
import dev.skep.port.zookeeper.ZooKeeperSession;
import dev.skep.port.zookeeper.ZooKeeperSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.Stat;
import org.jboss.logging.Logger;

/**
 * A session of ZooKeeper that carries all leases of one duration. Every so often it has a majority
 * of the servers agree on a transaction that changes nothing; holders believe in their leases by
 * what that proves ({@link Proofs}). Thread-safe.
 */
final class LeaseSession {

  private static final Logger LOG = Logger.getLogger(LeaseSession.class);

  /** How many proofs are tried within the time of a lease. */
  private static final int PROOFS = 8;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** What a busy disk may take to force a transaction. */
  private static final Duration SHORTEST_PATIENCE = Duration.ofMillis(500);

  /** The part of a session's time by which the servers' clocks may run faster than this one. */
  private static final int DRIFT = 50;

  /** A session without leases is kept a while for those that may come. */
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final ZooKeeperSettings settings;
  private final LongSupplier nanoTime;
  private final String identity;
  private final String identityPath;
  private final Duration duration;
  private final Duration pause;
  private final Consumer<LeaseSession> onEnd;
  private final ZooKeeperSession session;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ending = lock.newCondition();
  private final Set<ZooKeeperLease> leases = new HashSet<>();
  private final Proofs proofs;
  private int users;
  private long idleSince;
  private boolean over;

  private LeaseSession(
      ZooKeeperSettings settings,
      LongSupplier nanoTime,
      String identity,
      String identityPath,
      Duration duration,
      Consumer<LeaseSession> onEnd) {
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.identity = identity;
    this.identityPath = identityPath;
    this.duration = duration;
    this.onEnd = onEnd;
    Duration part = duration.dividedBy(PROOFS);
    this.pause = part.compareTo(LONGEST_PAUSE) < 0 ? part : LONGEST_PAUSE;
    this.proofs = new Proofs(nanoTime.getAsLong(), settings.tickTime());
    this.idleSince = System.nanoTime();
    this.session =
        ZooKeeperSession.open(
            settings, asked(duration, settings.tickTime()), patience(), this::ended);
  }

  /**
   * Opens the session and begins to prove it.
   *
   * @param identityPath the node without which the tokens of its leases mean nothing
   * @param duration of the leases
   * @param onEnd runs at its end, whatever ends it
   * @throws SkepException {@code unavailable}
   */
  static LeaseSession open(
      ZooKeeperSettings settings,
      LongSupplier nanoTime,
      String identity,
      String identityPath,
      Duration duration,
      Consumer<LeaseSession> onEnd) {
    LeaseSession made =
        new LeaseSession(settings, nanoTime, identity, identityPath, duration, onEnd);
    Duration granted = made.session.granted();
    if (granted.plus(settings.tickTime()).compareTo(duration) < 0) {
      LOG.warnf(
          "coordinator: ZooKeeper grants sessions of at most %s, so leases of %s end sooner; raise"
              + " its maxSessionTimeout",
          granted, duration);
    }
    Thread.ofVirtual().name("lease session " + duration).start(made::prove);
    return made;
  }

  /**
   * So that a take-over comes within the lease and one tick: the end of a session may come as much
   * as a tick late by the leader's rounding, and half a one by what members collect.
   */
  private static Duration asked(Duration duration, Duration tick) {
    Duration less = duration.minus(tick.dividedBy(2));
    Duration half = duration.dividedBy(2);
    return less.compareTo(half) > 0 ? less : half;
  }

  /** So short that a black hole is left for another member while the leases last. */
  private Duration patience() {
    Duration longest = settings.timeOut().dividedBy(2);
    Duration part = duration.dividedBy(3);
    Duration patience = part.compareTo(SHORTEST_PATIENCE) > 0 ? part : SHORTEST_PATIENCE;
    return patience.compareTo(longest) < 0 ? patience : longest;
  }

  ZooKeeperSession session() {
    return session;
  }

  String identity() {
    return identity;
  }

  String identityPath() {
    return identityPath;
  }

  /**
   * When a holder stops believing whose transaction was sent then and has succeeded: before the
   * servers can end the session, and no later than its lease lasts.
   */
  long deadline(long sent) {
    lock.lock();
    try {
      long granted = session.granted().toNanos();
      long safe = proofs.countedFrom(sent) + granted - granted / DRIFT;
      long lease = sent + duration.toNanos();
      return safe - lease < 0 ? safe : lease;
    } finally {
      lock.unlock();
    }
  }

  /** Keeps it open until {@link #leave}; false once it is over. */
  boolean enter() {
    lock.lock();
    try {
      if (!isOver()) {
        users++;
        return true;
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    lock.lock();
    try {
      users--;
      idleSince = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /** From now on its proofs extend the lease; false when it is over. */
  boolean add(ZooKeeperLease lease) {
    lock.lock();
    try {
      return !isOver() && leases.add(lease);
    } finally {
      lock.unlock();
    }
  }

  void remove(ZooKeeperLease lease) {
    lock.lock();
    try {
      leases.remove(lease);
      idleSince = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  boolean isOver() {
    lock.lock();
    try {
      return over || session.isOver();
    } finally {
      lock.unlock();
    }
  }

  /** Ends it and all its leases, which are told, and gives them back in ZooKeeper. */
  void end(Duration atMost) {
    over();
    session.close(atMost);
  }

  /**
   * Removes a node if it is the one that was made with these data, and tries again until it is gone
   * or the session is over. Should the answer to its making be lost, it might be there.
   */
  void removeUntilGone(String path, byte[] data) {
    while (!isOver()) {
      try {
        removeOnce(path, data);
        return;
      } catch (SkepException e) {
        LOG.debugf("%s: not given back yet: %s", path, e.detail());
      } catch (KeeperException e) {
        LOG.debugf("%s: not given back yet: %s", path, e.code());
      }
      rest(Duration.ofMillis(ThreadLocalRandom.current().nextInt(100, 300)));
    }
  }

  /**
   * Removes a node if it is the one that was made with these data.
   *
   * @throws SkepException {@code unavailable}
   */
  void removeOnce(String path, byte[] data) throws KeeperException {
    session.retried(
        client -> {
          // After it, what this session had asked for before has happened, or never will.
          client.sync(path);
          try {
            Stat stat = new Stat();
            byte[] there = client.getData(path, false, stat);
            if (stat.getEphemeralOwner() == session.id() && Arrays.equals(there, data)) {
              client.delete(path, -1);
            }
          } catch (KeeperException.NoNodeException e) {
            return false;
          }
          return true;
        });
  }

  private void prove() {
    while (rest(pause)) {
      if (isIdle()) {
        end(Duration.ofMillis(100));
        return;
      }
      long sent = nanoTime.getAsLong();
      try {
        session.once(client -> client.multi(List.of(Op.check(identityPath, -1))));
      } catch (KeeperException.NoNodeException e) {
        LOG.warn("coordinator: its identity in ZooKeeper was removed; all leases end");
        end(Duration.ofSeconds(1));
        return;
      } catch (KeeperException e) {
        LOG.debugf("coordinator: a session is not proven yet: %s", e.code());
        continue;
      } catch (SkepException e) {
        continue; // over
      }
      extend(sent);
    }
  }

  private void extend(long sent) {
    long deadline = deadline(sent);
    List<ZooKeeperLease> all;
    lock.lock();
    try {
      proofs.succeeded(sent, nanoTime.getAsLong());
      all = List.copyOf(leases);
    } finally {
      lock.unlock();
    }
    all.forEach(lease -> lease.proven(deadline));
  }

  /** Ends it under the lock, so that nobody enters in between. */
  private boolean isIdle() {
    lock.lock();
    try {
      boolean idle =
          users == 0 && leases.isEmpty() && System.nanoTime() - idleSince > IDLE.toNanos();
      over |= idle;
      return idle;
    } finally {
      lock.unlock();
    }
  }

  private void ended() {
    over();
    session.close(Duration.ZERO); // its threads
  }

  private void over() {
    List<ZooKeeperLease> all;
    lock.lock();
    try {
      over = true;
      ending.signalAll();
      all = List.copyOf(leases);
    } finally {
      lock.unlock();
    }
    all.forEach(ZooKeeperLease::lose);
    onEnd.accept(this);
  }

  /** False once it is over. */
  private boolean rest(Duration atMost) {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (!over && left > 0) {
        left = ending.awaitNanos(left);
      }
      return !over;
    } catch (InterruptedException e) {
      return !over; // nobody interrupts this thread; it would only look earlier
    } finally {
      lock.unlock();
    }
  }
}
