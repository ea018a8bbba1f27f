package dev.skep.testkit;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.UnknownOutcomeException;
import java.util.function.Supplier;

/** Runs the calls of a {@code Faulty…} port according to its plan. */
final class FaultyCalls {

  private final FaultPlan plan;

  FaultyCalls(FaultPlan plan) {
    this.plan = plan;
  }

  /** A call without effect: it fails with {@code unavailable} either way. */
  <T> T read(Supplier<T> call) {
    if (plan.next() != FaultPlan.Fault.NONE) {
      throw unavailable();
    }
    return call.get();
  }

  <T> T write(Supplier<T> call) {
    FaultPlan.Fault fault = plan.next();
    if (fault == FaultPlan.Fault.BEFORE) {
      throw unavailable();
    }
    // What the store refuses has no effect, and an unknown outcome may hide that too.
    T result;
    try {
      result = call.get();
    } catch (RuntimeException e) {
      throw fault == FaultPlan.Fault.AFTER ? new UnknownOutcomeException("Injected", e) : e;
    }
    if (fault == FaultPlan.Fault.AFTER) {
      throw new UnknownOutcomeException("Injected: it happened, the answer was lost", null);
    }
    return result;
  }

  void write(Runnable call) {
    write(
        () -> {
          call.run();
          return null;
        });
  }

  private static SkepException unavailable() {
    return new SkepException(ErrorCode.UNAVAILABLE, "Injected: nothing happened");
  }
}
