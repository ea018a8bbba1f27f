package dev.skep.boot;

import dev.skep.api.security.Admission;
import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Takes requests once the start is over: before that the replica may still turn out to be one that
 * must not touch the data.
 */
@Singleton
final class ReplicaAdmission implements Admission {

  private final Lifecycle lifecycle;
  private final PortStates states;

  ReplicaAdmission(Lifecycle lifecycle, PortStates states) {
    this.lifecycle = lifecycle;
    this.states = states;
  }

  @Override
  public @Nullable SkepException refusal() {
    if (lifecycle.isUp()) {
      return null;
    }
    return new SkepException(
        ErrorCode.UNAVAILABLE,
        states.isOpen(Port.SQL)
            ? "sql: this replica has just reached it and is about to start. Repeat the request"
            : "sql: this replica waits for it and tries again. Repeat the request later");
  }
}
