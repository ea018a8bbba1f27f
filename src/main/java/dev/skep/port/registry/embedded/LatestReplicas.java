package dev.skep.port.registry.embedded;

import dev.skep.common.Latest;
import dev.skep.port.registry.Replica;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What is registered now, and a way to wait for the next state. Thread-safe. */
final class LatestReplicas {

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Object, Replica> registered = new LinkedHashMap<>();
  private final Latest<List<Replica>> latest = new Latest<>(List.of());

  /** By id. */
  List<Replica> get() {
    return latest.get();
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
    latest.wakeAll();
  }

  /**
   * Waits for a state other than the one seen.
   *
   * @return absent once {@code ended} holds
   */
  @Nullable List<Replica> awaitAfter(@Nullable List<Replica> seen, BooleanSupplier ended) {
    return latest.awaitAfter(seen, ended);
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      Map<String, Replica> byId = new TreeMap<>(Comparator.naturalOrder());
      registered.values().forEach(replica -> byId.put(replica.id(), replica));
      latest.set(List.copyOf(byId.values()));
    } finally {
      lock.unlock();
    }
  }
}
