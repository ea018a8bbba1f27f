package dev.skep.testkit;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.cache.CacheStore;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cache that does not answer: before the effect of a call, or after it. The port knows no unknown
 * outcome, since a cache loses anything at any time: both are {@code unavailable}. Thread-safe.
 */
public final class FaultyCacheStore implements CacheStore {

  private final CacheStore store;
  private final FaultPlan plan;

  public FaultyCacheStore(CacheStore store, FaultPlan plan) {
    this.store = store;
    this.plan = plan;
  }

  @Override
  public byte @Nullable [] get(String key) {
    return call(() -> store.get(key));
  }

  @Override
  public void put(String key, byte[] value, Duration timeToLive) {
    run(() -> store.put(key, value, timeToLive));
  }

  @Override
  public void remove(String key) {
    run(() -> store.remove(key));
  }

  @Override
  public long add(String key, long amount, Duration timeToLive) {
    return call(() -> store.add(key, amount, timeToLive));
  }

  @Override
  public long count(String key) {
    return call(() -> store.count(key));
  }

  private void run(Runnable call) {
    call(
        () -> {
          call.run();
          return true;
        });
  }

  private <T extends @Nullable Object> T call(Supplier<T> call) {
    FaultPlan.Fault fault = plan.next();
    if (fault == FaultPlan.Fault.BEFORE) {
      throw unavailable();
    }
    T result = call.get();
    if (fault == FaultPlan.Fault.AFTER) {
      throw unavailable();
    }
    return result;
  }

  private static SkepException unavailable() {
    return new SkepException(ErrorCode.UNAVAILABLE, "Injected: the cache does not answer");
  }
}
