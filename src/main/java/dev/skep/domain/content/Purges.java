package dev.skep.domain.content;

import dev.skep.common.Ids;
import dev.skep.domain.duty.Wakeups;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.UUID;

/**
 * Nodes that are to be removed for good, with all below them. They are hidden at once; the {@link
 * Sweeper} removes them in slices and gives their quota back (P5).
 */
@Singleton
public class Purges {

  private final Nodes nodes;
  private final Wakeups wakeups;

  public Purges(Nodes nodes, Wakeups wakeups) {
    this.nodes = nodes;
    this.wakeups = wakeups;
  }

  /**
   * Takes the node out of its tree, whether it lies in the trash or not. What lies in the trash and
   * inherits from it or from below it goes on doing so until that is removed. Needs {@link
   * dev.skep.domain.tree.Workspaces#begin} before, in the same transaction.
   *
   * @return what the transaction's event says of it; that it is gone is the sweeper's to tell
   */
  public Change add(Tx tx, Node node, Instant at) {
    add(tx, node, at, shard(node.id()));
    return PurgedNode.purging(node);
  }

  /**
   * Lets the sweeper begin with what was added, instead of at its time. To be called after the
   * commit.
   */
  public void sweepSoon(UUID nodeId) {
    wakeups.wake(Sweeper.NAME, shard(nodeId));
  }

  /** For what hangs below a purged node: the shard that removes it goes on with this one. */
  void add(Tx tx, Node node, Instant at, int shard) {
    if (node.trashed() == null) {
      nodes.trash(tx, node, node.workspaceId(), at, Ids.ZERO);
    } else {
      nodes.detach(tx, node.id());
    }
    tx.update(ContentSql.PURGE, node.id(), node.workspaceId(), shard, at);
  }

  /** By the last bits: the first ones of a node's id are the time. */
  private static int shard(UUID nodeId) {
    return (int) (nodeId.getLeastSignificantBits() & (BlobAddress.SHARDS - 1));
  }
}
