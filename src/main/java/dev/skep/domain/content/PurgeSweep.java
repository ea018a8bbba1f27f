package dev.skep.domain.content;

import dev.skep.common.Ids;
import dev.skep.common.SkepException;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Removes the purged nodes of a shard, one slice a transaction. One that cannot be removed is set
 * aside until the next run and stops no other; only a store that does not answer ends the run.
 */
final class PurgeSweep {

  private static final Logger LOG = Logger.getLogger(PurgeSweep.class);
  private static final int ROWS = 100;

  private final SqlStore sql;
  private final Workspaces workspaces;
  private final Outbox outbox;
  private final PurgeSlice.Parts parts;
  private final Ids ids;
  private final InstantSource clock;

  /** Nodes that could not be removed when last tried. */
  private final Set<UUID> setAside = ConcurrentHashMap.newKeySet();

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

  /** How many purged nodes could not be removed when last tried. */
  int setAside() {
    return setAside.size();
  }

  /** Removes all that is there, also what it detaches on the way. */
  void run(DutyContext context) {
    Set<UUID> failed = new HashSet<>();
    boolean removed;
    do {
      removed = pass(context, failed);
    } while (removed && context.held());
  }

  /** Returns whether it removed anything, so that there may be more. */
  private boolean pass(DutyContext context, Set<UUID> failed) {
    boolean removed = false;
    UUID last = Ids.ZERO;
    List<Row> purges;
    do {
      UUID after = last;
      purges = sql.read(tx -> tx.query(ContentSql.PURGES, context.shard(), after, ROWS));
      for (Row purge : purges) {
        last = purge.id("node_id");
        removed |= !failed.contains(last) && tryRemove(context, purge, failed);
      }
    } while (purges.size() == ROWS && context.held());
    return removed;
  }

  private boolean tryRemove(DutyContext context, Row purge, Set<UUID> failed) {
    UUID nodeId = purge.id("node_id");
    try {
      remove(context, nodeId, purge.id("workspace_id"));
      setAside.remove(nodeId);
      return true;
    } catch (RuntimeException e) {
      if (endsTheRun(e)) {
        throw e;
      }
      failed.add(nodeId);
      if (setAside.add(nodeId)) {
        // The first one shows where; of a thousand more a line each is enough.
        LOG.errorf(
            setAside.size() == 1 ? e : null,
            "The purged node %s cannot be removed; others go on: %s",
            nodeId,
            e);
      }
      return false;
    }
  }

  private static boolean endsTheRun(RuntimeException e) {
    return e instanceof SkepException known
        && switch (known.code()) {
          case UNAVAILABLE, UNKNOWN_OUTCOME, NO_SPACE, LOCKED -> true;
          default -> false;
        };
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
