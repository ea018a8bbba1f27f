package dev.skep.domain.identity;

import dev.skep.domain.duty.Duty;
import dev.skep.domain.duty.DutyContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Removes sessions and tokens that have expired; they have been refused since. That is no event:
 * the end of a session was told when it began.
 */
@Singleton
class CredentialsDuty implements Duty {

  private final Sessions sessions;
  private final InstantSource clock;

  CredentialsDuty(Sessions sessions, InstantSource clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "credentials";
  }

  @Override
  public int shards() {
    return 1;
  }

  @Override
  public Duration interval() {
    return Duration.ofMinutes(1);
  }

  @Override
  public void run(DutyContext context) {
    int removed;
    do {
      Instant now = clock.instant();
      removed = context.protectedWrite(tx -> sessions.forgetExpired(context.caller(), tx, now));
    } while (removed > 0 && context.held());
  }
}
