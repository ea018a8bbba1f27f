package dev.skep.port.coordinator.embedded;

import dev.skep.common.Threads;
import dev.skep.port.coordinator.Coordinator.Membership;
import dev.skep.port.coordinator.Coordinator.ShardListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A member of shared-out work: one virtual thread per shard waits for its turn, holds the shard,
 * and tells the listener; so calls for one shard never overlap, and one that hangs stops no other.
 */
final class EmbeddedMembership implements Membership {

  private static final Logger LOG = Logger.getLogger(EmbeddedMembership.class);

  private final LeaseTable table;

  /**
   * All members of this work, in the order they came; shared among them, under the table's lock.
   */
  private final List<EmbeddedMembership> members;

  private final String name;
  private final int shards;
  private final Duration duration;
  private final ShardListener listener;
  private final Map<Integer, EmbeddedLease> leases = new HashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private boolean closed;

  EmbeddedMembership(
      LeaseTable table,
      List<EmbeddedMembership> members,
      String name,
      int shards,
      Duration duration,
      ShardListener listener) {
    this.table = table;
    this.members = members;
    this.name = name;
    this.shards = shards;
    this.duration = duration;
    this.listener = listener;
  }

  /** Called once, under the table's lock. */
  void join() {
    members.add(this);
    for (int shard = 0; shard < shards; shard++) {
      int mine = shard;
      threads.add(Thread.ofVirtual().name("shard " + name + "/" + shard).start(() -> serve(mine)));
    }
    divideAnew();
  }

  @Override
  public Set<Integer> shards() {
    return table.locked(
        () ->
            leases.entrySet().stream()
                .filter(entry -> entry.getValue().held())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet()));
  }

  @Override
  public void close() {
    leave();
    awaitHandOver(duration);
  }

  /** Begins to give all shards back. */
  void leave() {
    table.run(
        () -> {
          closed = true;
          members.remove(this);
          leases.values().forEach(EmbeddedLease::stopRenewing);
          divideAnew();
        });
  }

  /** Waits until all shards are given back, at most this long. */
  void awaitHandOver(Duration atMost) {
    // A listener may close its own membership: its thread does not wait for itself.
    Threads.joinAll(threads, atMost);
  }

  /** Whoever must give up a shard stops renewing it, even while its listener is busy. */
  private void divideAnew() {
    members.forEach(EmbeddedMembership::stopRenewingForeign);
    table.signalChange();
  }

  private void stopRenewingForeign() {
    leases.forEach(
        (shard, lease) -> {
          if (!mine(shard)) {
            lease.stopRenewing();
          }
        });
  }

  private boolean mine(int shard) {
    return !closed && members.get(shard % members.size()) == this;
  }

  private void serve(int shard) {
    for (EmbeddedLease lease = awaitTurn(shard); lease != null; lease = awaitTurn(shard)) {
      EmbeddedLease held = lease;
      tell("gained", shard, () -> listener.gained(shard, held));
      awaitEnd(shard, held);
      tell("lost", shard, () -> listener.lost(shard));
      held.close();
    }
  }

  /** Waits until the division gives the shard to this member and nobody else holds it any more. */
  private @Nullable EmbeddedLease awaitTurn(int shard) {
    return table.<@Nullable EmbeddedLease>locked(
        () -> {
          while (!closed) {
            EmbeddedLease lease =
                mine(shard) ? table.tryAcquire(name + "/" + shard, duration) : null;
            if (lease != null) {
              leases.put(shard, lease);
              return lease;
            }
            table.awaitChange(duration.dividedBy(4));
          }
          return null;
        });
  }

  private void awaitEnd(int shard, EmbeddedLease lease) {
    table.run(
        () -> {
          while (mine(shard) && lease.held()) {
            table.awaitChange(duration.dividedBy(4));
          }
          lease.stopRenewing();
          leases.remove(shard);
        });
  }

  private void tell(String what, int shard, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error e) {
      // An error too: without its thread the shard's lease would be renewed for nobody.
      LOG.errorf(e, "%s/%d: its listener failed when told that it is %s", name, shard, what);
    }
  }
}
