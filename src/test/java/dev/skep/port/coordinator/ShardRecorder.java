package dev.skep.port.coordinator;

import dev.skep.port.coordinator.Coordinator.FencingToken;
import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.port.coordinator.Coordinator.ShardListener;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A member that writes down what it is told, and every breach of the listener's contract. */
class ShardRecorder implements ShardListener {

  /** Who holds which shard, among all members of one test. */
  static final class Holders {
    private final Map<Integer, ShardRecorder> holders = new ConcurrentHashMap<>();
    private final Queue<String> breaches = new ConcurrentLinkedQueue<>();

    List<String> breaches() {
      return List.copyOf(breaches);
    }
  }

  private final Holders all;
  private final Map<Integer, Lease> leases = new ConcurrentHashMap<>();
  private final Map<Integer, Boolean> called = new ConcurrentHashMap<>();
  private final Queue<FencingToken> tokens = new ConcurrentLinkedQueue<>();

  ShardRecorder(Holders all) {
    this.all = all;
  }

  Set<Integer> shards() {
    return new TreeSet<>(leases.keySet());
  }

  Lease lease(int shard) {
    Lease lease = leases.get(shard);
    if (lease == null) {
      throw new AssertionError("Shard " + shard + " is not held");
    }
    return lease;
  }

  /** The tokens of all shards gained, in order. */
  List<FencingToken> tokens() {
    return List.copyOf(tokens);
  }

  @Override
  public final void gained(int shard, Lease lease) {
    enter(shard);
    ShardRecorder other = all.holders.put(shard, this);
    breachIf(other != null, shard, "gained while somebody was not yet told that it is lost");
    breachIf(leases.put(shard, lease) != null, shard, "gained twice");
    tokens.add(lease.token());
    whileGained(shard);
    leave(shard);
  }

  @Override
  public final void lost(int shard) {
    enter(shard);
    breachIf(leases.remove(shard) == null, shard, "lost without having been gained");
    whileLost(shard);
    all.holders.remove(shard, this);
    leave(shard);
  }

  void whileGained(int shard) {}

  void whileLost(int shard) {}

  private void enter(int shard) {
    breachIf(called.put(shard, true) != null, shard, "calls overlap");
    breachIf(!Thread.currentThread().isVirtual(), shard, "called on a platform thread");
  }

  private void leave(int shard) {
    called.remove(shard);
  }

  private void breachIf(boolean breach, int shard, String what) {
    if (breach) {
      all.breaches.add("Shard " + shard + ": " + what);
    }
  }
}
