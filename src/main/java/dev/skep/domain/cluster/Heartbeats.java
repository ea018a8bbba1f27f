package dev.skep.domain.cluster;

import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The replicas that run on the same tables (P23). Only {@code boot} changes them. The clocks of
 * replicas may differ, so whether another one lives is told by its row changing, never by its time.
 */
@Singleton
public class Heartbeats {

  private static final int LIMIT = 1000;

  /** A row that nobody has removed; no clock is wrong by so much. */
  private static final Duration FORGOTTEN = Duration.ofDays(7);

  private final SqlStore sql;
  private final InstantSource clock;

  public Heartbeats(SqlStore sql, InstantSource clock) {
    this.sql = sql;
    this.clock = clock;
  }

  /**
   * Enters the replica among the others, unless there are rows with which it cannot live; of two
   * that enter at once the second sees the first. May be repeated.
   *
   * @param excludes tells of another replica's row whether the two must not run together
   * @return those rows; empty when the replica has entered
   */
  public List<Heartbeat> enter(Heartbeat own, Predicate<Heartbeat> excludes) {
    Heartbeat now = own.at(now());
    return sql.write(
        tx -> {
          tx.update(HeartbeatSql.ONE_AT_A_TIME);
          List<Heartbeat> against =
              all(tx).stream()
                  .filter(row -> !row.replica().equals(now.replica()))
                  .filter(excludes)
                  .toList();
          if (!against.isEmpty()) {
            tx.rollBackOnly();
            return against;
          }
          if (tx.update(HeartbeatSql.BEAT, now.at(), now.replica()) == 0) {
            tx.update(HeartbeatSql.INSERT, now.replica(), now.version(), now.drivers(), now.at());
          }
          tx.update(HeartbeatSql.REMOVE_OLD, now.at().minus(FORGOTTEN));
          return against;
        });
  }

  /**
   * Tells the others that the replica lives.
   *
   * @return false when its row is gone: another one took it for dead, so it must enter anew
   */
  public boolean beat(UUID replica) {
    Instant at = now();
    return sql.write(tx -> tx.update(HeartbeatSql.BEAT, at, replica) > 0);
  }

  public void leave(UUID replica) {
    sql.write(tx -> tx.update(HeartbeatSql.LEAVE, replica));
  }

  /** All rows, also of replicas that died without removing theirs. */
  public List<Heartbeat> all() {
    return sql.read(Heartbeats::all);
  }

  /** Removes the rows of dead replicas, but none that has changed meanwhile. */
  public void remove(List<Heartbeat> dead) {
    sql.write(
        tx -> {
          dead.forEach(row -> tx.update(HeartbeatSql.REMOVE_UNCHANGED, row.replica(), row.at()));
          return dead;
        });
  }

  private static List<Heartbeat> all(Tx tx) {
    return tx.query(HeartbeatSql.ALL, LIMIT).stream().map(Heartbeat::of).toList();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
