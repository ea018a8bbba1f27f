package dev.skep.domain.duty;

import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.port.sql.ConstraintViolation;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * Turns a coordinator's fencing tokens into fences (P11). A coordinator counts only under its own
 * identity; the epoch, a row in {@code sql}, orders the identities: it is raised when a token comes
 * with another identity than the one recorded.
 */
@Singleton
public class Fences {

  private static final int ATTEMPTS = 3;
  private static final int MAX_CLAIMS = 1000;

  private final SqlStore sql;

  public Fences(SqlStore sql) {
    this.sql = sql;
  }

  /**
   * Makes the lease's holder the newest one of the duty: from now on all earlier ones are refused.
   *
   * @throws StaleHolderException when the lease ended meanwhile, or a newer holder was there first
   */
  public Fence claim(String duty, Lease lease) {
    long epoch = epoch(lease.token().identity());
    // A holder that was paused until now may have raised the epoch late. That harms nobody as long
    // as it does not pass the fence.
    if (!lease.held()) {
      throw new StaleHolderException(duty);
    }
    Fence fence = new Fence(duty, epoch, lease.token().number());
    sql.write(
        tx -> {
          tx.mayUseReserve();
          fence.check(tx);
          return fence;
        });
    return fence;
  }

  /**
   * The newest holder that has begun to work on a shard.
   *
   * @param shard {@code duty/number}
   */
  public record Claim(String shard, long epoch, long number) {}

  /** The latest claims of all shards. */
  public List<Claim> latest() {
    return sql.read(tx -> tx.query(DutySql.FENCES, MAX_CLAIMS)).stream()
        .map(row -> new Claim(row.text("duty"), row.number("epoch"), row.number("number")))
        .toList();
  }

  private long epoch(String identity) {
    Optional<Row> recorded = sql.read(tx -> tx.one(DutySql.EPOCH));
    if (recorded.isPresent() && recorded.get().text("identity").equals(identity)) {
      return recorded.get().number("epoch");
    }
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Optional<Long> epoch = sql.write(tx -> raise(tx, identity));
      if (epoch.isPresent()) {
        return epoch.get();
      }
    }
    throw new IllegalStateException("token_epoch: its row neither exists nor can be inserted");
  }

  /**
   * The update comes before the look: two replicas that raise at once do it one after the other,
   * and the second finds its identity recorded. Empty when another one made the row meanwhile.
   */
  private static Optional<Long> raise(Tx tx, String identity) {
    tx.mayUseReserve();
    tx.update(DutySql.RAISE_EPOCH, identity, identity);
    Optional<Row> row = tx.one(DutySql.EPOCH);
    if (row.isPresent()) {
      return Optional.of(row.get().number("epoch"));
    }
    try {
      tx.update(DutySql.FIRST_EPOCH, identity);
      return Optional.of(1L);
    } catch (ConstraintViolation e) {
      tx.rollBackOnly();
      return Optional.empty();
    }
  }
}
