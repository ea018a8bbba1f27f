package dev.skep.domain.content;

import dev.skep.common.Ids;
import dev.skep.domain.duty.DutyContext;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.outbox.Outbox;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Workspace;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Removes the purged nodes of a shard, one slice a transaction. */
final class PurgeSweep {

  private static final int ROWS = 100;

  private final SqlStore sql;
  private final Workspaces workspaces;
  private final Outbox outbox;
  private final PurgeSlice.Parts parts;
  private final Ids ids;
  private final InstantSource clock;

  PurgeSweep(
      SqlStore sql,
      Workspaces workspaces,
      Outbox outbox,
      PurgeSlice.Parts parts,
      Ids ids,
      InstantSource clock) {
    this.sql = sql;
    this.workspaces = workspaces;
    this.outbox = outbox;
    this.parts = parts;
    this.ids = ids;
    this.clock = clock;
  }

  /** Removes all that is there, also what it detaches on the way. */
  void run(DutyContext context) {
    List<Row> purges;
    do {
      purges = sql.read(tx -> tx.query(ContentSql.PURGES, context.shard(), ROWS));
      purges.forEach(purge -> remove(context, purge.id("node_id"), purge.id("workspace_id")));
    } while (!purges.isEmpty() && context.held());
  }

  private void remove(DutyContext context, UUID nodeId, UUID workspaceId) {
    boolean gone = false;
    while (!gone && context.held()) {
      Outbox.Stamp stamp =
          new Outbox.Stamp(ids.next(), clock.instant().truncatedTo(ChronoUnit.MICROS));
      gone = context.protectedWrite(tx -> slice(tx, context, nodeId, workspaceId, stamp));
    }
  }

  private boolean slice(
      Tx tx, DutyContext context, UUID nodeId, UUID workspaceId, Outbox.Stamp stamp) {
    Optional<Workspace> workspace = workspaces.beginIfThere(tx, workspaceId);
    Optional<Node> found = parts.nodes().find(tx, nodeId);
    if (found.isEmpty()) {
      tx.rollBackOnly(); // removed before, by a transaction whose answer was lost
      return true;
    }
    Node node = found.get();
    PurgeSlice slice = new PurgeSlice(tx, parts, stamp.at(), context.shard());
    boolean gone = slice.remove(node);
    if (gone) {
      tx.update(ContentSql.PURGED, nodeId);
    }
    List<Change> changes =
        slice.changes().isEmpty() ? List.of(PurgedNode.purging(node)) : slice.changes();
    // Of a deleted workspace there is no quota to give back, and nobody is left to be told.
    workspace.ifPresent(
        of -> {
          workspaces.credit(tx, of.id(), slice.bytes());
          outbox.append(tx, of.id(), of.seq(), stamp, context.caller(), changes);
        });
    return gone;
  }
}
