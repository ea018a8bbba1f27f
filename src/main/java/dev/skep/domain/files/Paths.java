package dev.skep.domain.files;

import dev.skep.common.ErrorCode;
import dev.skep.common.Names;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.permission.Access;
import dev.skep.domain.permission.Located;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspace;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Finds what a path or an id means, in the caller's transaction. The folders on the way are not
 * asked for rights, only what is found (DESIGN section 5).
 */
@Singleton
class Paths {

  private final Access access;
  private final Nodes nodes;

  Paths(Access access, Nodes nodes) {
    this.access = access;
    this.nodes = nodes;
  }

  /** What is there, with at least one right on it; else {@code not-found}. */
  Located find(Caller caller, Tx tx, Target target) {
    return switch (target) {
      case Target.NodeId(UUID id) -> access.locate(caller, tx, id);
      case FilePath path -> find(caller, tx, path);
    };
  }

  private Located find(Caller caller, Tx tx, FilePath path) {
    Workspace workspace = access.workspace(caller, tx, path.workspace());
    List<UUID> ids =
        path.names().size() > Names.MAX_DEPTH
            ? List.of()
            : nodes.resolve(tx, workspace.id(), path.names());
    if (ids.size() <= path.names().size()) {
      throw missing();
    }
    Located found = access.locate(caller, tx, workspace, ids.getLast());
    if (path.folder() && found.node().isFile()) {
      throw missing();
    }
    return found;
  }

  /**
   * Where a write goes, if the caller may write there and its preconditions hold: rights first,
   * then preconditions, then what stands in the way. Something on which the caller holds no right
   * is as good as absent, until it is clear that he may write beside it: only then its name is
   * taken.
   *
   * @param known workspaces that this transaction has read
   */
  Destination writable(
      Caller caller, Tx tx, Target target, Precondition condition, Collection<Workspace> known) {
    Destination destination = destination(caller, tx, target, known);
    access.demand(destination.nearest(), Right.WRITE);
    condition.check(destination.etag());
    if (!destination.exists()) {
      if (destination.nearest().node().isFile()) {
        throw new SkepException(
            ErrorCode.IS_A_FILE,
            "\"" + destination.nearest().node().name() + "\" on the way is a file, not a folder");
      }
      if (destination.taken()) {
        throw new SkepException(
            ErrorCode.NAME_TAKEN,
            "There is already something named \""
                + destination.missing().getFirst()
                + "\" on the way");
      }
      PathLimits.check(destination.nearest().chain(), destination.missing());
    }
    return destination;
  }

  private Destination destination(
      Caller caller, Tx tx, Target target, Collection<Workspace> known) {
    return switch (target) {
      case Target.NodeId(UUID id) -> {
        Located found = access.locate(caller, tx, id);
        yield new Destination(found.workspace(), found, List.of(), false);
      }
      case FilePath path -> destination(caller, tx, path, known);
    };
  }

  private Destination destination(
      Caller caller, Tx tx, FilePath path, Collection<Workspace> known) {
    List<String> names = path.names();
    Workspace workspace = access.workspace(caller, tx, path.workspace(), known);
    // Nothing can be made deeper, so that walking further could only cost time.
    List<String> walked = names.subList(0, Math.min(names.size(), Names.MAX_DEPTH));
    List<UUID> ids = nodes.resolve(tx, workspace.id(), walked);
    Located nearest = access.nearest(caller, tx, workspace, ids.getLast());
    int found = nearest.chain().size();
    return new Destination(
        workspace, nearest, names.subList(found - 1, names.size()), found < ids.size());
  }

  private static SkepException missing() {
    return new SkepException(ErrorCode.NOT_FOUND, "There is nothing here that you may see");
  }
}
