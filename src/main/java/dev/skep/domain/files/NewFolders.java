package dev.skep.domain.files;

import dev.skep.common.Ids;
import dev.skep.common.Names;
import dev.skep.domain.outbox.Change;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
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

  /**
   * What was made.
   *
   * @param lowest where the last name goes
   */
  record Made(Node lowest, List<Change> changes) {

    List<Change> and(Change last) {
      List<Change> all = new ArrayList<>(changes);
      all.add(last);
      return all;
    }
  }

  /** Makes one folder in another, from the top downwards. */
  Made make(Tx tx, Node top, List<String> names, List<UUID> newIds, Instant at, UUID by) {
    Node lowest = top;
    List<Change> changes = new ArrayList<>();
    for (int level = 0; level < names.size(); level++) {
      UUID id = newIds.get(level);
      nodes.insertFolder(tx, id, lowest, names.get(level), at, by);
      lowest = nodes.find(tx, id).orElseThrow();
      changes.add(NodeState.of(lowest).after("node.created"));
    }
    return new Made(lowest, changes);
  }
}
