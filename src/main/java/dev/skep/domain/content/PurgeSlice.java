package dev.skep.domain.content;

import dev.skep.domain.Json;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.outbox.Outbox;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.NodeRemoval;
import dev.skep.domain.tree.Nodes;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.Tx;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What one transaction removes of a purged node. It begins nothing new once it has touched 500
 * rows, so that with the last step it stays below 1,000 (P5); only a content of many parts, which
 * goes whole, may exceed that. Nor does it once its event fills half of an outbox row.
 */
final class PurgeSlice {

  private static final int ROWS = 500;
  private static final int CHILDREN = 200;

  /** What removing takes part in. */
  record Parts(Nodes nodes, Contents contents, Purges purges, List<NodeRemoval> removals) {}

  private final CountingTx tx;
  private final Parts parts;
  private final Instant at;
  private final int shard;
  private final List<Change> changes = new ArrayList<>();
  private long bytes;
  private int told;

  PurgeSlice(Tx tx, Parts parts, Instant at, int shard) {
    this.tx = new CountingTx(tx);
    this.parts = parts;
    this.at = at;
    this.shard = shard;
  }

  /** Removes the node, or as much of it as fits; true when it is gone. */
  boolean remove(Node node) {
    return (node.isFile() || removeChildren(node)) && removeNode(node);
  }

  List<Change> changes() {
    return changes;
  }

  /** What the removed versions and descriptions had taken of the quota. */
  long bytes() {
    return bytes;
  }

  private boolean removeChildren(Node folder) {
    List<Node> children = parts.nodes().children(tx, folder.id(), "", CHILDREN);
    for (Node child : children) {
      if (full()) {
        return false;
      }
      if (child.isFolder()) {
        parts.purges().add(tx, child, at, shard);
      } else if (!removeNode(child)) {
        return false;
      }
    }
    return children.size() < CHILDREN;
  }

  private boolean removeNode(Node node) {
    if (node.isFile() && !removeVersions(node)) {
      return false;
    }
    for (NodeRemoval removal : parts.removals()) {
      if (full() || !removal.removing(tx, node)) {
        return false;
      }
    }
    parts.nodes().delete(tx, node.id());
    bytes += node.descriptionBytes();
    tell(PurgedNode.purged(node));
    return true;
  }

  private void tell(Change change) {
    changes.add(change);
    told += Json.write(change).getBytes(StandardCharsets.UTF_8).length;
  }

  private boolean removeVersions(Node file) {
    while (!full()) {
      List<Row> versions = tx.query(ContentSql.VERSIONS, file.id(), 1);
      if (versions.isEmpty()) {
        return true;
      }
      removeVersion(versions.getFirst());
    }
    return false;
  }

  private void removeVersion(Row version) {
    tx.update(ContentSql.DELETE_VERSION, version.id("id"));
    parts.contents().release(tx, version.id("content_id"), at);
    bytes += version.number("size");
  }

  private boolean full() {
    return tx.rows() >= ROWS || told >= Outbox.MAX_BYTES / 2;
  }
}
