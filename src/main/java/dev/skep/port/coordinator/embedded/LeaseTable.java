package dev.skep.port.coordinator.embedded;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.coordinator.Coordinator.FencingToken;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who holds which name, by one monotonic clock and under one lock. */
final class LeaseTable {

  private final String identity;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, EmbeddedLease> holders = new HashMap<>();
  private long lastNumber;
  private boolean closed;

  LeaseTable(String identity, LongSupplier nanoTime) {
    this.identity = identity;
    this.nanoTime = nanoTime;
  }

  /** Takes the name if nobody holds it, else returns null. */
  @Nullable EmbeddedLease tryAcquire(String name, Duration duration) {
    return this.<@Nullable EmbeddedLease>locked(() -> acquire(name, duration));
  }

  private @Nullable EmbeddedLease acquire(String name, Duration duration) {
    if (closed) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "The coordinator is closed");
    }
    EmbeddedLease holder = holders.get(name);
    if (holder != null && holder.held()) {
      return null;
    }
    if (holder != null) {
      holder.lose();
    }
    FencingToken token = new FencingToken(identity, ++lastNumber);
    EmbeddedLease lease = new EmbeddedLease(this, name, token, duration);
    holders.put(name, lease);
    lease.startRenewal();
    return lease;
  }

  /** Ends every lease; none can be acquired afterwards. */
  void close() {
    run(
        () -> {
          closed = true;
          List.copyOf(holders.values()).forEach(EmbeddedLease::lose);
        });
  }

  /** Called by a lease that ended, under the lock. */
  void freed(EmbeddedLease lease) {
    holders.remove(lease.name(), lease);
    changed.signalAll();
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /** Runs the action under the lock. */
  void run(Runnable action) {
    this.<@Nullable Void>locked(
        () -> {
          action.run();
          return null;
        });
  }

  /** Returns what the function finds under the lock. */
  <R extends @Nullable Object> R locked(Supplier<R> function) {
    lock.lock();
    try {
      return function.get();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes everyone in {@link #awaitChange}; under the lock. */
  void signalChange() {
    changed.signalAll();
  }

  /**
   * Waits, under the lock, until something changes or the time is over: whoever waits looks again.
   */
  @SuppressWarnings("WaitNotInLoop") // its callers are the loops
  void awaitChange(Duration atMost) {
    try {
      changed.awaitNanos(atMost.toNanos());
    } catch (InterruptedException e) {
      // A listener interrupted its own thread; that is no reason to stop watching its shard.
    }
  }
}
