package dev.skep.port.coordinator.etcd;

import dev.skep.common.SkepException;
import dev.skep.port.coordinator.Coordinator.Membership;
import dev.skep.port.coordinator.Coordinator.ShardListener;
import dev.skep.port.etcd.EtcdConnection;
import dev.skep.port.etcd.EtcdFollower;
import io.etcd.jetcd.api.KeyValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
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
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A member of shared-out work. Each member has a key {@code work/NAME/members/ID}, each taken shard
 * one under {@code work/NAME/shards/}, all under leases; every member follows them and finds its
 * part by its place among the members. One virtual thread per shard waits for its turn, holds the
 * shard, and tells the listener; so calls for one shard never overlap, and one that hangs stops no
 * other.
 */
final class EtcdMembership implements Membership {

  private static final Logger LOG = Logger.getLogger(EtcdMembership.class);
  private static final Pattern SHARD = Pattern.compile("shards/[0-9]{1,4}");

  /**
   * What etcd held when last looked.
   *
   * @param members in the order they came
   * @param taken shards
   */
  private record View(List<String> members, Set<Integer> taken) {}

  private final EtcdConnection etcd;
  private final Holders holders;
  private final Consumer<EtcdMembership> onLeave;
  private final String name;
  private final int shards;
  private final Duration duration;
  private final ShardListener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Integer, EtcdLease> leases = new HashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private View view = new View(List.of(), Set.of());
  private String id = "";
  private @Nullable EtcdLease place;
  private @Nullable EtcdFollower follower;
  private boolean closed;

  EtcdMembership(
      EtcdConnection etcd,
      Holders holders,
      Consumer<EtcdMembership> onLeave,
      String name,
      int shards,
      Duration duration,
      ShardListener listener) {
    this.etcd = etcd;
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
    takePlace();
    EtcdFollower following = etcd.follow("work/" + name + "/", this::look);
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
    EtcdLease last;
    lock.lock();
    try {
      closed = true;
      last = place;
      place = null;
      leases.values().forEach(EtcdLease::stopRenewing);
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
    EtcdFollower following = follower;
    if (following != null) {
      following.stop();
    }
    onLeave.accept(this);
  }

  /** Registers this member under a new id. */
  private void takePlace() {
    String fresh = UUID.randomUUID().toString();
    EtcdLease taken =
        holders.tryAcquire("work/" + name + "/members/" + fresh, name + "/members", duration);
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

  /** Runs on the follower's thread. */
  private void look(EtcdFollower.State state) {
    List<KeyValue> members = new ArrayList<>();
    Set<Integer> taken = new HashSet<>();
    state
        .entries()
        .forEach(
            (key, entry) -> {
              if (key.startsWith("members/")) {
                members.add(entry);
              } else if (SHARD.matcher(key).matches()) {
                taken.add(Integer.valueOf(key.substring("shards/".length())));
              }
            });
    List<String> inOrder =
        members.stream()
            .sorted(Comparator.comparingLong(KeyValue::getCreateRevision))
            .map(entry -> entry.getKey().toStringUtf8())
            .map(key -> key.substring(key.lastIndexOf('/') + 1))
            .toList();
    lock.lock();
    try {
      view = new View(inOrder, taken);
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

  private boolean mine(int shard) {
    if (closed || place == null || !place.held() || view.members().isEmpty()) {
      return false;
    }
    return view.members().get(shard % view.members().size()).equals(id);
  }

  private void serve(int shard) {
    for (EtcdLease lease = awaitTurn(shard); lease != null; lease = awaitTurn(shard)) {
      EtcdLease held = lease;
      tell("gained", shard, () -> listener.gained(shard, held));
      awaitEnd(shard, held);
      tell("lost", shard, () -> listener.lost(shard));
      held.close();
    }
  }

  /** Waits until the division gives the shard to this member and nobody else holds it any more. */
  private @Nullable EtcdLease awaitTurn(int shard) {
    while (awaitFree(shard)) {
      EtcdLease lease = tryTake(shard);
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

  private @Nullable EtcdLease tryTake(int shard) {
    try {
      return holders.tryAcquire("work/" + name + "/shards/" + shard, name + "/" + shard, duration);
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

  private void awaitEnd(int shard, EtcdLease lease) {
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
