package dev.skep.boot;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.skep.common.Ids;
import dev.skep.common.admission.MemoryBudget;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Time, ids and the size of the heap, so that no other class asks the system for them. */
final class Basics {

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
  MemoryBudget memory() {
    return new MemoryBudget(Runtime.getRuntime().maxMemory());
  }
}
