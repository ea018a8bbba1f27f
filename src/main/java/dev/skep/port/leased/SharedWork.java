package dev.skep.port.leased;

import dev.skep.common.SkepException;
import dev.skep.common.Threads;
import dev.skep.port.coordinator.Coordinator.Membership;
import dev.skep.port.coordinator.Coordinator.ShardListener;
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
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A member of shared-out work whose members and shards a server keeps, each under a lease. It finds
 * its part by its place among the members. One virtual thread per shard waits for its turn, holds
 * the shard, and tells the listener; so calls for one shard never overlap, and one that hangs stops
 * no other. Thread-safe.
 */
public final class SharedWork implements Membership {

  private static final Logger LOG = Logger.getLogger(SharedWork.class);

  /**
   * What the server held when last looked.
   *
   * @param members in an order that all see alike
   * @param taken shards
   */
  public record View(List<String> members, Set<Integer> taken) {}

  /** Where a driver keeps one work: a place for each member, and its shards. Thread-safe. */
  public interface Store {

    /**
     * The place of a member; null when another one has its id.
     *
     * @throws SkepException {@code unavailable}
     */
    @Nullable RenewableLease takePlace(String id);

    /**
     * A shard; null when another one holds it.
     *
     * @throws SkepException {@code unavailable}
     */
    @Nullable RenewableLease takeShard(int shard);

    /** Tells what is there, now and after each change, on one thread, until it is stopped. */
    Follower<?> follow(Consumer<View> listener);
  }

  private final Store store;
  private final Consumer<SharedWork> onLeave;
  private final String name;
  private final int shards;
  private final Duration duration;
  private final ShardListener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Integer, RenewableLease> leases = new HashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private View view = new View(List.of(), Set.of());
  private String id = "";
  private @Nullable RenewableLease place;
  private @Nullable Follower<?> following;
  private boolean closed;
  private volatile boolean faultTold;

  /**
   * @param onLeave told when all is given back
   * @param duration of each lease
   */
  public SharedWork(
      Store store,
      Consumer<SharedWork> onLeave,
      String name,
      int shards,
      Duration duration,
      ShardListener listener) {
    this.store = store;
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
  public void join() {
    takePlace();
    Follower<?> begun = store.follow(this::look);
    lock.lock();
    try {
      following = begun;
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
  public void leave() {
    RenewableLease last;
    lock.lock();
    try {
      closed = true;
      last = place;
      place = null;
      leases.values().forEach(RenewableLease::stopRenewing);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (last != null) {
      Thread.ofVirtual().name("member " + name + " leaves").start(last::close);
    }
  }

  /** Waits until all shards are given back, at most this long. */
  public void awaitHandOver(Duration atMost) {
    // A listener may close its own membership: its thread does not wait for itself.
    Threads.joinAll(threads, atMost);
    Follower<?> last = following;
    if (last != null) {
      last.stop();
    }
    onLeave.accept(this);
  }

  /** Registers this member under a new id. */
  private void takePlace() {
    // Who comes later stands behind, as far as the replicas' clocks agree; any order would do.
    String fresh = "%015d-%s".formatted(System.currentTimeMillis(), UUID.randomUUID());
    RenewableLease taken = store.takePlace(fresh);
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
      } catch (RuntimeException e) {
        notYet("no member yet", e);
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

  /** Runs on the thread of the store. */
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

  private boolean mine(int shard) {
    if (closed || place == null || !place.held() || view.members().isEmpty()) {
      return false;
    }
    return view.members().get(shard % view.members().size()).equals(id);
  }

  private void serve(int shard) {
    for (RenewableLease lease = awaitTurn(shard); lease != null; lease = awaitTurn(shard)) {
      RenewableLease held = lease;
      tell("gained", shard, () -> listener.gained(shard, held));
      awaitEnd(shard, held);
      tell("lost", shard, () -> listener.lost(shard));
      held.close();
    }
  }

  /** Waits until the division gives the shard to this member and nobody else holds it any more. */
  private @Nullable RenewableLease awaitTurn(int shard) {
    while (awaitFree(shard)) {
      RenewableLease lease = tryTake(shard);
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

  private @Nullable RenewableLease tryTake(int shard) {
    try {
      return store.takeShard(shard);
    } catch (RuntimeException e) {
      notYet("shard " + shard + " is not taken yet", e);
      return null;
    }
  }

  /** Whatever it was, without its thread a shard would rest until the replica ends. */
  private void notYet(String what, RuntimeException e) {
    if (e instanceof SkepException known) {
      LOG.debugf("%s: %s: %s", name, what, known.detail());
    } else if (!faultTold) {
      faultTold = true;
      LOG.errorf(e, "%s: %s; it is tried again and again, and this is told once", name, what);
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

  private void awaitEnd(int shard, RenewableLease lease) {
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
