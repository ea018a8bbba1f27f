package dev.skep.testkit;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decides which calls of a {@code Faulty…} port fail, and on which side of their effect.
 * Thread-safe.
 */
public final class FaultPlan {

  /** On which side of its effect a call times out. */
  public enum Fault {
    NONE,
    /** Nothing happens; the caller is told {@code unavailable}. */
    BEFORE,
    /** It happens, but the answer is lost; the caller is told that the outcome is unknown. */
    AFTER
  }

  private interface Rule {
    Fault at(long call);
  }

  private final Rule rule;
  private final AtomicLong calls = new AtomicLong();

  private FaultPlan(Rule rule) {
    this.rule = rule;
  }

  public static FaultPlan none() {
    return new FaultPlan(call -> Fault.NONE);
  }

  /** Only the n-th call fails, counted from 1. */
  public static FaultPlan nth(long n, Fault fault) {
    return new FaultPlan(call -> call == n ? fault : Fault.NONE);
  }

  /** Each call fails with this probability, half of them before and half after the effect. */
  public static FaultPlan random(long seed, double probability) {
    Random random = new Random(seed);
    return new FaultPlan(
        call -> {
          synchronized (random) {
            if (random.nextDouble() >= probability) {
              return Fault.NONE;
            }
            return random.nextBoolean() ? Fault.BEFORE : Fault.AFTER;
          }
        });
  }

  /** The fate of the call that begins now. */
  public Fault next() {
    return rule.at(calls.incrementAndGet());
  }

  /** How many calls there were. */
  public long calls() {
    return calls.get();
  }
}
