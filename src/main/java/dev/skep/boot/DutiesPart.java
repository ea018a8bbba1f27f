package dev.skep.boot;

import dev.skep.domain.duty.Duties;
import jakarta.inject.Singleton;

/** Background duties run while the drivers are open. */
@Singleton
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
