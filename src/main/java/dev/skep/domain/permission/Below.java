package dev.skep.domain.permission;

import dev.skep.domain.Rights;
import dev.skep.domain.tree.Node;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The entries below a node, also on what lies in the trash and inherits through it. Found from the
 * workspace's entries up, which are few, never by walking down.
 */
final class Below {

  private final Map<UUID, Map<Subject, Rights>> entries = new HashMap<>();
  private final Map<UUID, List<UUID>> next = new HashMap<>();

  private Below() {}

  static Below of(Tx tx, Node node) {
    Below below = new Below();
    if (node.isFolder()) {
      Entries.read(
          tx,
          PermissionSql.ENTRIES_BELOW,
          List.of(node.workspaceId(), node.id(), node.id(), node.id()),
          row -> below.add(row));
    }
    return below;
  }

  private void add(Row row) {
    UUID id = row.id("id");
    Map<Subject, Rights> here = entries.get(id);
    if (here == null) {
      here = new HashMap<>();
      entries.put(id, here);
      next.computeIfAbsent(row.id("next_id"), none -> new ArrayList<>()).add(id);
    }
    // A node on the way to an entry may have none itself.
    if (row.idOrNull("subject_id") != null) {
      here.put(Entries.subjectOf(row), Entries.rightsOf(row));
    }
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  Map<Subject, Rights> on(UUID nodeId) {
    return entries.getOrDefault(nodeId, Map.of());
  }

  /** The nearest nodes below this one that carry entries or lead to such. */
  List<UUID> under(UUID nodeId) {
    return next.getOrDefault(nodeId, List.of());
  }
}
