package dev.skep.domain.content;

import dev.skep.common.Ids;
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

  public Purges(Nodes nodes) {
    this.nodes = nodes;
  }

  /**
   * Takes the node out of its tree, whether it lies in the trash or not. What lies in the trash and
   * inherits from it or from below it goes on doing so until that is removed. Needs {@link
   * dev.skep.domain.tree.Workspaces#begin} before, in the same transaction.
   */
  public void add(Tx tx, Node node, Instant at) {
    add(tx, node, at, shard(node.id()));
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
