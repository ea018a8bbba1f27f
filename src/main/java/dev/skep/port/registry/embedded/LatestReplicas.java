package dev.skep.port.registry.embedded;

import dev.skep.port.registry.Replica;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What is registered now, and a way to wait for the next state. Thread-safe. */
final class LatestReplicas {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Object, Replica> registered = new LinkedHashMap<>();
  private volatile List<Replica> latest = List.of();

  /** By id. */
  List<Replica> get() {
    return latest;
  }

  void put(Object owner, Replica replica) {
    change(() -> registered.put(owner, replica));
  }

  /** Does nothing for an owner that has gone. */
  void replace(Object owner, Replica replica) {
    change(() -> registered.replace(owner, replica));
  }

  void remove(Object owner) {
    change(() -> registered.remove(owner));
  }

  /** Lets everyone who waits look at his end condition again. */
  void wakeAll() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a state other than the one seen.
   *
   * @return absent once {@code ended} holds
   */
  @Nullable List<Replica> awaitAfter(@Nullable List<Replica> seen, BooleanSupplier ended) {
    lock.lock();
    try {
      while (latest == seen && !ended.getAsBoolean()) {
        changed.awaitUninterruptibly();
      }
      return ended.getAsBoolean() ? null : latest;
    } finally {
      lock.unlock();
    }
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      Map<String, Replica> byId = new TreeMap<>(Comparator.naturalOrder());
      registered.values().forEach(replica -> byId.put(replica.id(), replica));
      latest = List.copyOf(byId.values());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
