package dev.skep.domain.permission;

import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.NodeRemoval;
import dev.skep.domain.tree.Nodes;
import dev.skep.port.sql.ConstraintViolation;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;

/**
 * Removes the entries of a node that is removed for good. What lies in the trash and inherited from
 * it keeps exactly the rights it had: it inherits from the next folder up, and gets copies of the
 * entries that vanish.
 */
@Singleton
public class EntriesOfRemovedNodes implements NodeRemoval {

  private static final int ROWS = 500;

  private final Nodes nodes;

  public EntriesOfRemovedNodes(Nodes nodes) {
    this.nodes = nodes;
  }

  @Override
  public boolean removing(Tx tx, Node node) {
    List<Entries.Entry> entries = Entries.on(tx, node.id());
    return passOn(tx, node, entries) && delete(tx, entries);
  }

  private boolean passOn(Tx tx, Node node, List<Entries.Entry> entries) {
    int atOnce = Math.max(1, ROWS / (entries.size() + 1));
    List<UUID> heirs = nodes.inheritingInTrash(tx, node.id(), atOnce);
    for (UUID heir : heirs) {
      entries.forEach(entry -> copy(tx, entry, node.workspaceId(), heir));
      nodes.setRightsParent(tx, heir, rightsParent(node));
    }
    return heirs.size() < atOnce;
  }

  private static UUID rightsParent(Node node) {
    return node.trashed() == null ? node.parentId() : node.trashed().rightsParentId();
  }

  private static void copy(Tx tx, Entries.Entry entry, UUID workspaceId, UUID heir) {
    try {
      tx.update(
          PermissionSql.INSERT_ENTRY,
          heir,
          entry.subject().kind().column(),
          entry.subject().id(),
          workspaceId,
          entry.rights().bits(),
          entry.revision());
    } catch (ConstraintViolation itsOwn) {
      // Its own entry for this subject hid the one above, and still does.
      return;
    }
  }

  private static boolean delete(Tx tx, List<Entries.Entry> entries) {
    entries.stream()
        .limit(ROWS)
        .forEach(
            entry ->
                tx.update(
                    PermissionSql.DELETE_ENTRY,
                    entry.nodeId(),
                    entry.subject().kind().column(),
                    entry.subject().id()));
    return entries.size() <= ROWS;
  }
}
