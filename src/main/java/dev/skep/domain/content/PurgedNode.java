package dev.skep.domain.content;

import dev.skep.domain.outbox.Change;
import dev.skep.domain.tree.Node;
import java.util.Locale;
import java.util.UUID;

/** What an event says of a node that is gone: enough to forget it. */
record PurgedNode(UUID id, UUID workspaceId, UUID parentId, String name, String type) {

  private static PurgedNode of(Node node) {
    Node.Trashed from = node.trashed();
    return new PurgedNode(
        node.id(),
        node.workspaceId(),
        from == null ? node.parentId() : from.originId(),
        from == null ? node.name() : from.name(),
        node.type().name().toLowerCase(Locale.ROOT));
  }

  /** The node's row is gone. */
  static Change purged(Node node) {
    return new Change("node.purged", node.id().toString(), of(node));
  }

  /** A part of what hangs on the node is gone, and quota with it; the rest follows. */
  static Change purging(Node node) {
    return new Change("node.purging", node.id().toString(), of(node));
  }
}
