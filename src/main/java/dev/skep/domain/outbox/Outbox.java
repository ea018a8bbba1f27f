package dev.skep.domain.outbox;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Json;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
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
   * The most bytes of one row's changes; below what each engine takes in one packet, and what a
   * broker takes in one message.
   */
  public static final int MAX_BYTES = 256 * 1024;

  private static final int MOST_BYTES_OF_A_CHARACTER = 3;

  /**
   * Made outside the transaction: its id tells later whether it happened, its time is that of all
   * its changes.
   */
  public record Stamp(UUID txId, Instant at) {}

  /**
   * Writes the transaction's row. With no change at all it marks the transaction to be rolled back
   * instead, so that seq keeps no gap. States that would exceed {@link #MAX_BYTES} together are
   * left out; which things changed is always told.
   *
   * @param seq what the serialising update of this transaction gave
   * @throws SkepException {@code unauthenticated} when the session or access token that the caller
   *     came with has ended since: what was revoked completes nothing (P8)
   */
  public void append(
      Tx tx, UUID workspaceId, long seq, Stamp stamp, Caller caller, List<Change> changes) {
    if (changes.isEmpty() || caller.credentialId().equals(Ids.ZERO)) {
      appendEnding(tx, workspaceId, seq, stamp, caller, changes);
      return;
    }
    int written =
        tx.update(
            OutboxSql.APPEND_OF,
            workspaceId,
            seq,
            stamp.txId(),
            stamp.at(),
            caller.accountId(),
            caller.requestId(),
            bounded(changes),
            caller.credentialId(),
            stamp.at());
    if (written == 0) {
      throw new SkepException(
          ErrorCode.UNAUTHENTICATED,
          "The session or access token has ended meanwhile, so nothing was changed. Log in with POST /api/v1/sessions");
    }
  }

  /** The same for what may end the very session or access token that it came with. */
  public void appendEnding(
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
        bounded(changes));
  }

  private static String bounded(List<Change> changes) {
    String whole = Json.write(changes);
    return fits(whole) ? whole : Json.write(changes.stream().map(Change::withoutState).toList());
  }

  private static boolean fits(String changes) {
    return changes.length() <= MAX_BYTES / MOST_BYTES_OF_A_CHARACTER
        || changes.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
  }
}
