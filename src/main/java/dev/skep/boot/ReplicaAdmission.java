package dev.skep.boot;

import dev.skep.api.security.Admission;
import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Takes requests once the start is over: before that the replica may still turn out to be one that
 * must not touch the data. A replica without the role {@code web} takes none: not found would make
 * a client believe that its files are gone, so it is told to come again.
 */
@Singleton
final class ReplicaAdmission implements Admission {

  private final boolean web;
  private final Lifecycle lifecycle;
  private final PortStates states;

  ReplicaAdmission(Roles roles, Lifecycle lifecycle, PortStates states) {
    this.web = roles.has(Role.WEB);
    this.lifecycle = lifecycle;
    this.states = states;
  }

  @Override
  public @Nullable SkepException refusal() {
    if (!web) {
      return new SkepException(
          ErrorCode.UNAVAILABLE,
          "This replica does background work only: skep.roles has no web. Repeat the request, at another replica");
    }
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
