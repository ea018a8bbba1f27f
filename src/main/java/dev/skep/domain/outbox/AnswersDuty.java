package dev.skep.domain.outbox;

import dev.skep.domain.duty.Duty;
import dev.skep.domain.duty.DutyContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Forgets the answers kept for Idempotency-Keys once their day is over. */
@Singleton
public class AnswersDuty implements Duty {

  private static final int SLICE = 500;

  private final Answers answers;
  private final InstantSource clock;

  public AnswersDuty(Answers answers, InstantSource clock) {
    this.answers = answers;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "answers";
  }

  @Override
  public int shards() {
    return 1;
  }

  @Override
  public Duration interval() {
    return Duration.ofMinutes(10);
  }

  @Override
  public void run(DutyContext context) {
    int forgotten;
    do {
      Instant now = clock.instant();
      forgotten = context.protectedWrite(tx -> answers.forget(tx, now, SLICE));
    } while (forgotten == SLICE && context.held());
  }
}
