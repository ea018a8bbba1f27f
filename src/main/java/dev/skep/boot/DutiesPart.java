package dev.skep.boot;

import dev.skep.domain.duty.Duties;
import jakarta.inject.Singleton;

/** Background duties run while the drivers are open, where this replica is a worker. */
@Singleton
final class DutiesPart implements Part {

  private final Duties duties;
  private final Roles roles;

  DutiesPart(Duties duties, Roles roles) {
    this.duties = duties;
    this.roles = roles;
  }

  @Override
  public void start() {
    if (roles.has(Role.WORKER)) {
      duties.start();
    }
  }

  @Override
  public void stop() {
    duties.stop();
  }
}
