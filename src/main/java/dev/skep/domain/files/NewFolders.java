package dev.skep.domain.files;

import dev.skep.common.Ids;
import dev.skep.common.Names;
import dev.skep.domain.files.Edits.Edit;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Makes the folders that are missing on the way to something. */
@Singleton
class NewFolders {

  private final Nodes nodes;
  private final Ids ids;

  NewFolders(Nodes nodes, Ids ids) {
    this.nodes = nodes;
    this.ids = ids;
  }

  /** Ids for as many folders as a write to the target can make. */
  List<UUID> ids(Target target) {
    int most =
        switch (target) {
          case Target.NodeId ignored -> 0;
          case FilePath path -> Math.min(path.names().size(), Names.MAX_DEPTH);
        };
    return Stream.generate(ids::next).limit(most).toList();
  }

  /** Makes one folder in another, from the top downwards; returns the lowest. */
  Node make(Edit edit, Node top, List<String> names, List<UUID> newIds, UUID by) {
    Node lowest = top;
    for (int level = 0; level < names.size(); level++) {
      UUID id = newIds.get(level);
      nodes.insertFolder(edit.tx(), id, lowest, names.get(level), edit.at(), by);
      lowest = nodes.find(edit.tx(), id).orElseThrow();
      edit.changed("node.created", lowest);
    }
    return lowest;
  }
}
