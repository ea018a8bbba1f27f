package dev.skep.domain.outbox;

import dev.skep.domain.Caller;
import dev.skep.domain.Json;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The events of changes, each written in the transaction of its change (P10): one row a transaction
 * and workspace, numbered by the workspace's seq without a gap.
 */
@Singleton
public class Outbox {

  /**
   * Made outside the transaction: its id tells later whether it happened, its time is that of all
   * its changes.
   */
  public record Stamp(UUID txId, Instant at) {}

  /**
   * Writes the transaction's row. With no change at all it marks the transaction to be rolled back
   * instead, so that seq keeps no gap.
   *
   * @param seq what the serialising update of this transaction gave
   */
  public void append(
      Tx tx, UUID workspaceId, long seq, Stamp stamp, Caller caller, List<Change> changes) {
    if (changes.isEmpty()) {
      tx.rollBackOnly();
      return;
    }
    tx.update(
        OutboxSql.APPEND,
        workspaceId,
        seq,
        stamp.txId(),
        stamp.at(),
        caller.accountId(),
        caller.requestId(),
        Json.write(changes));
  }
}
