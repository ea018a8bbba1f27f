package dev.skep.boot;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.skep.common.Ids;
import dev.skep.common.admission.MemoryBudget;
import dev.skep.common.admission.Turns;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Time, ids and the size of the heap, so that no other class asks the system for them. */
final class Basics {

  /** Of one person at once; more wait for each other anyway. */
  private static final int READS_FOR_EACH_CORE = 8;

  private static final int CHANGES_FOR_EACH_CORE = 32;

  @Produces
  @Singleton
  InstantSource time() {
    return InstantSource.system();
  }

  @Produces
  @Singleton
  Ids ids() {
    TimeBasedEpochGenerator generator = Generators.timeBasedEpochGenerator();
    return generator::generate;
  }

  @Produces
  @Singleton
  Turns turns() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new Turns(READS_FOR_EACH_CORE * cores, CHANGES_FOR_EACH_CORE * cores);
  }

  @Produces
  @Singleton
  MemoryBudget memory() {
    return new MemoryBudget(Runtime.getRuntime().maxMemory());
  }
}
