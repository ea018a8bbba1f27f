package dev.skep.port.coordinator.zookeeper;

import dev.skep.common.SkepException;
import dev.skep.port.coordinator.Coordinator.Membership;
import dev.skep.port.coordinator.Coordinator.ShardListener;
import dev.skep.port.zookeeper.ZooKeeperConnection;
import dev.skep.port.zookeeper.ZooKeeperFollower;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A member of shared-out work. Each member has a node {@code work-NAME/members/ID}, each taken
 * shard one under {@code work-NAME/shards}, all ephemeral; every member follows them and finds its
 * part by its place among the members. One virtual thread per shard waits for its turn, holds the
 * shard, and tells the listener; so calls for one shard never overlap, and one that hangs stops no
 * other.
 */
final class ZooKeeperMembership implements Membership {

  private static final Logger LOG = Logger.getLogger(ZooKeeperMembership.class);
  private static final Pattern SHARD = Pattern.compile("[0-9]{1,4}");

  /**
   * What ZooKeeper held when last looked.
   *
   * @param members in an order that all see alike
   * @param taken shards
   */
  private record View(List<String> members, Set<Integer> taken) {}

  private final ZooKeeperConnection connection;
  private final Holders holders;
  private final Consumer<ZooKeeperMembership> onLeave;
  private final String name;
  private final int shards;
  private final Duration duration;
  private final ShardListener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Integer, ZooKeeperLease> leases = new HashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private View view = new View(List.of(), Set.of());
  private String id = "";
  private @Nullable ZooKeeperLease place;
  private @Nullable ZooKeeperFollower<View> follower;
  private boolean closed;

  ZooKeeperMembership(
      ZooKeeperConnection connection,
      Holders holders,
      Consumer<ZooKeeperMembership> onLeave,
      String name,
      int shards,
      Duration duration,
      ShardListener listener) {
    this.connection = connection;
    this.holders = holders;
    this.onLeave = onLeave;
    this.name = name;
    this.shards = shards;
    this.duration = duration;
    this.listener = listener;
  }

  /**
   * Called once.
   *
   * @throws SkepException {@code unavailable}: then it has not joined
   */
  void join() {
    connection.ensure(members());
    connection.ensure(taken());
    takePlace();
    ZooKeeperFollower<View> following = connection.follow(work(), this::read, this::look);
    lock.lock();
    try {
      follower = following;
      for (int shard = 0; shard < shards; shard++) {
        int mine = shard;
        threads.add(
            Thread.ofVirtual().name("shard " + name + "/" + shard).start(() -> serve(mine)));
      }
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual().name("member " + name).start(this::keepPlace);
  }

  @Override
  public Set<Integer> shards() {
    lock.lock();
    try {
      return leases.entrySet().stream()
          .filter(entry -> entry.getValue().held())
          .map(Map.Entry::getKey)
          .collect(Collectors.toUnmodifiableSet());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    leave();
    awaitHandOver(duration);
  }

  /** Begins to give all shards back, and the place. */
  void leave() {
    ZooKeeperLease last;
    lock.lock();
    try {
      closed = true;
      last = place;
      place = null;
      leases.values().forEach(ZooKeeperLease::stopRenewing);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (last != null) {
      Thread.ofVirtual().name("member " + name + " leaves").start(last::close);
    }
  }

  /** Waits until all shards are given back, at most this long. */
  void awaitHandOver(Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    try {
      for (Thread thread : threads) {
        // A listener may close its own membership: its thread must not wait for itself.
        if (thread != Thread.currentThread()) {
          thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ZooKeeperFollower<View> following = follower;
    if (following != null) {
      following.stop();
    }
    onLeave.accept(this);
  }

  /** Registers this member under a new id. */
  private void takePlace() {
    // Who comes later stands behind, as far as the replicas' clocks agree; any order would do.
    String fresh = "%015d-%s".formatted(System.currentTimeMillis(), UUID.randomUUID());
    ZooKeeperLease taken = holders.tryAcquire(members() + "/" + fresh, name + "/members", duration);
    if (taken == null) {
      throw new IllegalStateException("Somebody has the id " + fresh);
    }
    taken.onLoss(this::wake);
    lock.lock();
    try {
      if (!closed) {
        id = fresh;
        place = taken;
        changed.signalAll();
        return;
      }
    } finally {
      lock.unlock();
    }
    taken.close();
  }

  /** A place that is lost, after an outage for instance, is taken again. */
  private void keepPlace() {
    while (awaitLossOfPlace()) {
      try {
        takePlace();
      } catch (SkepException e) {
        LOG.debugf("%s: no member yet: %s", name, e.detail());
        pause();
      }
    }
  }

  /** False once closed. */
  private boolean awaitLossOfPlace() {
    lock.lock();
    try {
      while (!closed && place != null && place.held()) {
        await(duration.dividedBy(4));
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private View read(ZooKeeper client) throws KeeperException, InterruptedException {
    return new View(
        children(client, members()).sorted().toList(),
        children(client, taken())
            .filter(each -> SHARD.matcher(each).matches())
            .map(Integer::valueOf)
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static Stream<String> children(ZooKeeper client, String path)
      throws KeeperException, InterruptedException {
    try {
      return client.getChildren(path, false).stream();
    } catch (KeeperException.NoNodeException e) {
      return Stream.empty(); // a store made anew; whoever takes a place there makes it again
    }
  }

  /** Runs on the follower's thread. */
  private void look(View seen) {
    lock.lock();
    try {
      view = seen;
      // Whoever must give up a shard stops renewing it, even while its listener is busy.
      leases.forEach(
          (shard, lease) -> {
            if (!mine(shard)) {
              lease.stopRenewing();
            }
          });
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private String work() {
    return connection.settings().path("work-" + name);
  }

  private String members() {
    return work() + "/members";
  }

  private String taken() {
    return work() + "/shards";
  }

  private boolean mine(int shard) {
    if (closed || place == null || !place.held() || view.members().isEmpty()) {
      return false;
    }
    return view.members().get(shard % view.members().size()).equals(id);
  }

  private void serve(int shard) {
    for (ZooKeeperLease lease = awaitTurn(shard); lease != null; lease = awaitTurn(shard)) {
      ZooKeeperLease held = lease;
      tell("gained", shard, () -> listener.gained(shard, held));
      awaitEnd(shard, held);
      tell("lost", shard, () -> listener.lost(shard));
      held.close();
    }
  }

  /** Waits until the division gives the shard to this member and nobody else holds it any more. */
  private @Nullable ZooKeeperLease awaitTurn(int shard) {
    while (awaitFree(shard)) {
      ZooKeeperLease lease = tryTake(shard);
      if (lease == null) {
        pause();
        continue;
      }
      lease.onLoss(this::wake);
      lock.lock();
      try {
        leases.put(shard, lease);
        if (!mine(shard)) {
          lease.stopRenewing();
        }
      } finally {
        lock.unlock();
      }
      return lease;
    }
    return null;
  }

  private @Nullable ZooKeeperLease tryTake(int shard) {
    try {
      return holders.tryAcquire(taken() + "/" + shard, name + "/" + shard, duration);
    } catch (SkepException e) {
      LOG.debugf("%s/%d: not taken yet: %s", name, shard, e.detail());
      return null;
    }
  }

  /** False once closed. */
  private boolean awaitFree(int shard) {
    lock.lock();
    try {
      while (!closed && !(mine(shard) && !view.taken().contains(shard))) {
        await(duration.dividedBy(4));
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void awaitEnd(int shard, ZooKeeperLease lease) {
    lock.lock();
    try {
      while (mine(shard) && lease.held()) {
        await(duration.dividedBy(4));
      }
      lease.stopRenewing();
      leases.remove(shard);
    } finally {
      lock.unlock();
    }
  }

  private void tell(String what, int shard, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error e) {
      // An error too: without its thread the shard's lease would be renewed for nobody.
      LOG.errorf(e, "%s/%d: its listener failed when told that it is %s", name, shard, what);
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits, under the lock, until something changes or the time is over; its callers look again. */
  @SuppressWarnings("WaitNotInLoop") // its callers are the loops
  private void await(Duration atMost) {
    try {
      changed.awaitNanos(atMost.toNanos());
    } catch (InterruptedException e) {
      // A listener interrupted its own thread; that is no reason to stop watching its shard.
    }
  }

  /** Between two tries, unless something changes. */
  private void pause() {
    lock.lock();
    try {
      if (!closed) {
        await(Duration.ofMillis(ThreadLocalRandom.current().nextInt(100, 300)));
      }
    } finally {
      lock.unlock();
    }
  }
}
