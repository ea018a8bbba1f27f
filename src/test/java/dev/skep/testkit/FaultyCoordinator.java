package dev.skep.testkit;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.coordinator.Coordinator;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator that does not answer: before the effect of a call, or after it. What was acquired
 * after all is given back, as it would end by itself since nobody renews it. Leases and memberships
 * are not touched. Thread-safe.
 */
public final class FaultyCoordinator implements Coordinator {

  private final Coordinator coordinator;
  private final FaultPlan plan;

  public FaultyCoordinator(Coordinator coordinator, FaultPlan plan) {
    this.coordinator = coordinator;
    this.plan = plan;
  }

  @Override
  public Duration slack() {
    return coordinator.slack();
  }

  @Override
  public @Nullable Lease tryAcquire(String name, Duration duration) {
    return this.<@Nullable Lease>call(() -> coordinator.tryAcquire(name, duration));
  }

  @Override
  public Membership share(String name, int shards, Duration duration, ShardListener listener) {
    return call(() -> coordinator.share(name, shards, duration, listener));
  }

  private <T extends @Nullable AutoCloseable> T call(Supplier<T> call) {
    FaultPlan.Fault fault = plan.next();
    if (fault == FaultPlan.Fault.BEFORE) {
      throw unavailable();
    }
    T result = call.get();
    if (fault == FaultPlan.Fault.AFTER) {
      giveBack(result);
      throw unavailable();
    }
    return result;
  }

  private static void giveBack(@Nullable AutoCloseable result) {
    switch (result) {
      case null -> {}
      case Lease lease -> lease.close();
      case Membership membership -> membership.close();
      default -> throw new IllegalStateException("Neither lease nor membership: " + result);
    }
  }

  private static SkepException unavailable() {
    return new SkepException(ErrorCode.UNAVAILABLE, "Injected: the coordinator does not answer");
  }
}
