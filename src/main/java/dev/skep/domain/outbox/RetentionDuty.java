package dev.skep.domain.outbox;

import dev.skep.domain.duty.Duty;
import dev.skep.domain.duty.DutyContext;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/** Removes the rows of the outbox once their time is over, the oldest first. */
@Singleton
public class RetentionDuty implements Duty {

  private static final int SLICE = 200;
  private static final Duration SHORTEST = Duration.ofMinutes(1);

  private final Duration retention;
  private final InstantSource clock;

  public RetentionDuty(OutboxConfig config, InstantSource clock) {
    this.retention = config.retention().compareTo(SHORTEST) < 0 ? SHORTEST : config.retention();
    this.clock = clock;
  }

  @Override
  public String name() {
    return "outbox-retention";
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
    Instant until = clock.instant().minus(retention);
    int removed;
    do {
      removed = context.protectedWrite(tx -> remove(tx, until));
    } while (removed == SLICE && context.held());
  }

  private static int remove(Tx tx, Instant until) {
    List<Row> rows = tx.query(OutboxSql.EXPIRED, firstIdOf(until), until, SLICE);
    if (rows.isEmpty()) {
      tx.rollBackOnly();
    }
    rows.forEach(row -> tx.update(OutboxSql.REMOVE, row.id("workspace_id"), row.number("seq")));
    return rows.size();
  }

  /**
   * What comes before every transaction's id of that time: they are ordered by time, so that their
   * index serves as one of the rows' ages.
   */
  private static UUID firstIdOf(Instant time) {
    return new UUID(time.toEpochMilli() << 16, 0);
  }
}
