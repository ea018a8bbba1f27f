package dev.skep.domain.content;

import dev.skep.domain.duty.DutyContext;
import dev.skep.port.objects.ObjectStore;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Takes the blobs of a shard that nothing names through their last steps (P6): announced past the
 * deadline → condemned → after the grace deleted → a day later deleted once more, for a write that
 * arrived after its delete, and forgotten.
 *
 * <p>A condemned blob never becomes live again, so its deletion needs no fence, and each step may
 * be repeated: what is killed in between goes on where it was.
 */
final class BlobSweep {

  private static final int BATCH = 100;
  private static final int ANNOUNCED = 0;
  private static final int CONDEMNED = 2;
  private static final int DELETED = 3;
  private static final Duration UNTIL_SECOND_DELETE = Duration.ofDays(1);

  private final SqlStore sql;
  private final ObjectStore objects;
  private final InstantSource clock;
  private final Duration grace;

  BlobSweep(SqlStore sql, ObjectStore objects, InstantSource clock, Duration grace) {
    this.sql = sql;
    this.objects = objects;
    this.clock = clock;
    this.grace = grace;
  }

  void run(DutyContext context) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    eachBatch(context, ANNOUNCED, now, ids -> condemn(context, ids, now));
    eachBatch(context, CONDEMNED, now, ids -> delete(context, ids, now));
    eachBatch(context, DELETED, now, ids -> forget(context, ids));
  }

  private void condemn(DutyContext context, List<UUID> ids, Instant now) {
    each(context, ids, ContentSql.CONDEMN_OVERDUE, id -> List.of(now.plus(grace), id, now));
  }

  private void delete(DutyContext context, List<UUID> ids, Instant now) {
    Instant again = now.plus(UNTIL_SECOND_DELETE);
    deleteThen(ids, gone -> each(context, gone, ContentSql.DELETED, id -> List.of(again, id)));
  }

  private void forget(DutyContext context, List<UUID> ids) {
    deleteThen(ids, gone -> each(context, gone, ContentSql.FORGET, List::of));
  }

  /** What was deleted before the store failed counts. */
  private void deleteThen(List<UUID> ids, Step step) {
    List<UUID> gone = new ArrayList<>(ids.size());
    try {
      for (UUID id : ids) {
        objects.delete(BlobAddress.of(id));
        gone.add(id);
      }
    } finally {
      step.take(gone);
    }
  }

  /** All that is due, a batch at a time; each batch leaves the state it was found in. */
  private void eachBatch(DutyContext context, int state, Instant now, Step step) {
    List<Row> due;
    do {
      due = sql.read(tx -> tx.query(ContentSql.DUE, context.shard(), state, now, BATCH));
      if (!due.isEmpty()) {
        step.take(due.stream().map(row -> row.id("id")).toList());
      }
    } while (due.size() == BATCH && context.held());
  }

  private static void each(
      DutyContext context, List<UUID> ids, Statement statement, Parameters parameters) {
    context.protectedWrite(
        tx -> ids.stream().mapToInt(id -> tx.update(statement, parameters.of(id).toArray())).sum());
  }

  @FunctionalInterface
  private interface Step {
    void take(List<UUID> ids);
  }

  @FunctionalInterface
  private interface Parameters {
    List<Object> of(UUID id);
  }
}
