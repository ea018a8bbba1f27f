package dev.skep.testkit;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.UnknownOutcomeException;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Work;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A store whose writes, or all of it, fail as told. Thread-safe. */
public final class FaultySqlStore implements SqlStore {

  /** How a call fails. */
  public enum Fault {
    /** Refused; nothing happened. */
    UNAVAILABLE,
    /** The answer says unknown, and nothing happened. */
    UNKNOWN_BEFORE_THE_EFFECT,
    /** The answer says unknown, and it happened. */
    UNKNOWN_AFTER_THE_EFFECT
  }

  private final SqlStore store;

  // All guarded by this.
  private int writes;
  private int faultyWrite = -1;
  private Fault fault = Fault.UNAVAILABLE;
  private boolean down;
  private double probability;
  private Random random = new Random(0);
  private List<Fault> faults = List.of(Fault.values());

  public FaultySqlStore(SqlStore store) {
    this.store = store;
  }

  /** Makes the n-th write from now fail, the next one being the first; one fault at a time. */
  public synchronized void failWrite(int n, Fault how) {
    faultyWrite = writes + n;
    fault = how;
  }

  /** Makes each write fail with a probability, in one of these ways; a seed makes it repeatable. */
  public synchronized void failAtRandom(long seed, double chance, Fault... ways) {
    random = new Random(seed);
    probability = chance;
    faults = List.of(ways);
  }

  /** Refuses reads and writes until {@link #heal}. */
  public synchronized void goDown() {
    down = true;
  }

  /** From now on nothing fails. */
  public synchronized void heal() {
    down = false;
    probability = 0;
    faultyWrite = -1;
  }

  /** How many writes were called. */
  public synchronized int writes() {
    return writes;
  }

  @Override
  public <R extends @Nullable Object> R read(Work<R> work) {
    if (isDown()) {
      throw unavailable();
    }
    return store.read(work);
  }

  @Override
  public <R extends @Nullable Object> R write(Work<R> work) {
    return switch (nextFault()) {
      case null -> store.write(work);
      case UNAVAILABLE -> throw unavailable();
      case UNKNOWN_BEFORE_THE_EFFECT -> throw unknown();
      case UNKNOWN_AFTER_THE_EFFECT -> {
        store.write(work);
        throw unknown();
      }
    };
  }

  private synchronized boolean isDown() {
    return down;
  }

  private synchronized @Nullable Fault nextFault() {
    writes++;
    if (down) {
      return Fault.UNAVAILABLE;
    }
    if (writes == faultyWrite) {
      return fault;
    }
    return random.nextDouble() < probability ? faults.get(random.nextInt(faults.size())) : null;
  }

  private static SkepException unavailable() {
    return new SkepException(ErrorCode.UNAVAILABLE, "a fault of the test: nothing happened");
  }

  private static SkepException unknown() {
    return new UnknownOutcomeException("a fault of the test", null);
  }
}
