package dev.skep.boot;

import dev.skep.domain.duty.Duties;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;

/** This replica's share of the background work. */
@Singleton
@Priority(100)
final class DutiesPart implements Part {

  private final Duties duties;

  DutiesPart(Duties duties) {
    this.duties = duties;
  }

  @Override
  public void start() {
    duties.start();
  }

  @Override
  public void stop() {
    duties.stop();
  }
}
