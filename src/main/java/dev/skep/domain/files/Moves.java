package dev.skep.domain.files;

import dev.skep.common.ErrorCode;
import dev.skep.common.Names;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.files.Edits.Edit;
import dev.skep.domain.permission.Access;
import dev.skep.domain.permission.Located;
import dev.skep.domain.permission.Relocation;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Renames, moves and describes nodes. New properties need {@code write} on the node, a new name
 * also {@code write} on its folder; a move needs {@code delete} on it and {@code write} on the
 * target, and more where it changes anyone's rights ({@link Relocation}). Moving is one row,
 * whatever the folder holds.
 */
@Singleton
public class Moves {

  private final Edits edits;
  private final Access access;
  private final Relocation relocation;
  private final Nodes nodes;
  private final Workspaces workspaces;
  private final VersionRows versions;
  private final Views views;

  public Moves(
      Edits edits,
      Access access,
      Relocation relocation,
      Nodes nodes,
      Workspaces workspaces,
      VersionRows versions,
      Views views) {
    this.edits = edits;
    this.access = access;
    this.relocation = relocation;
    this.nodes = nodes;
    this.workspaces = workspaces;
    this.versions = versions;
    this.views = views;
  }

  /**
   * Applies a patch whole or not at all; a patch that changes nothing leaves everything as it is.
   */
  public NodeView patch(Caller caller, UUID id, NodePatch patch, Precondition precondition) {
    return edits.edit(
        caller,
        tx -> workspaceOf(caller, tx, id, patch),
        NodeView.class,
        edit -> {
          Located before = access.locate(caller, edit.tx(), id);
          precondition.check(before.node().revision());
          move(caller, edit, before, patch);
          describe(caller, edit, access.locate(caller, edit.tx(), id), patch);
          return views.of(caller, edit.tx(), access.locate(caller, edit.tx(), id));
        });
  }

  private Set<UUID> workspaceOf(Caller caller, Tx tx, UUID id, NodePatch patch) {
    UUID workspaceId = access.locate(caller, tx, id).node().workspaceId();
    UUID parentId = patch.parentId();
    if (parentId != null
        && !access.locate(caller, tx, parentId).node().workspaceId().equals(workspaceId)) {
      throw new SkepException(
          ErrorCode.NOT_AVAILABLE,
          "Moving into another workspace is not available yet. Copy it there, then delete it here");
    }
    return Set.of(workspaceId);
  }

  private void move(Caller caller, Edit edit, Located located, NodePatch patch) {
    Node node = located.node();
    String name = patch.name() == null ? node.name() : Names.normalise(patch.name());
    UUID parentId = patch.parentId() == null ? node.parentId() : patch.parentId();
    boolean elsewhere = !parentId.equals(node.parentId());
    if (!elsewhere && name.equals(node.name())) {
      return;
    }
    if (located.isRoot()) {
      throw new SkepException(
          ErrorCode.FORBIDDEN,
          "The root of a workspace is neither moved nor renamed; PATCH /workspaces/{slug} changes its name");
    }
    if (elsewhere) {
      checkMove(caller, edit, located, parentId, name);
    } else {
      checkRename(caller, edit, located, name);
    }
    nodes.move(edit.tx(), node.id(), parentId, name);
    if (elsewhere) {
      workspaces.raiseEpoch(edit.tx(), node.workspaceId());
    }
    edit.changed(elsewhere ? "node.moved" : "node.renamed", node.id());
  }

  private void checkRename(Caller caller, Edit edit, Located located, String name) {
    access.demand(located, Right.WRITE);
    // Else it would tell which names are taken by what he may not see.
    if (!access.holds(caller, edit.tx(), located.node().parentId(), Right.WRITE)) {
      throw new SkepException(
          ErrorCode.FORBIDDEN, "A new name needs the right to write in the folder too");
    }
    PathLimits.check(located.chain().subList(1, located.chain().size()), List.of(name));
  }

  private void checkMove(Caller caller, Edit edit, Located located, UUID parentId, String name) {
    access.demand(located, Right.DELETE);
    Located target = access.require(caller, edit.tx(), parentId, Right.WRITE);
    if (target.node().isFile()) {
      throw new SkepException(
          ErrorCode.IS_A_FILE,
          "parentId: \"" + target.node().name() + "\" is a file, not a folder");
    }
    if (target.chain().stream().anyMatch(step -> step.id().equals(located.node().id()))) {
      throw new SkepException(
          ErrorCode.INTO_ITSELF, "parentId: this folder lies in the one that is moved, or is it");
    }
    PathLimits.check(target.chain(), List.of(name));
    relocation.check(caller, edit.tx(), located, target);
  }

  private void describe(Caller caller, Edit edit, Located located, NodePatch patch) {
    Node node = located.node();
    List<String> tags = patch.tags() == null ? node.tags() : Descriptions.tags(patch.tags());
    Map<String, Object> metadata =
        patch.metadata() == null
            ? node.metadata()
            : Descriptions.metadata(patch.metadata().apply(node.metadata()));
    String mediaType =
        patch.mediaType() == null
            ? node.mediaType()
            : Descriptions.mediaType(node, patch.mediaType());
    @Nullable Instant clientTime =
        patch.clientModifiedAt() == null ? node.clientModifiedAt() : patch.clientModifiedAt();
    if (tags.equals(node.tags())
        && metadata.equals(node.metadata())
        && mediaType.equals(node.mediaType())
        && Objects.equals(clientTime, node.clientModifiedAt())) {
      return;
    }
    access.demand(located, Right.WRITE);
    long growth = Node.descriptionBytes(tags, metadata) - node.descriptionBytes();
    workspaces.charge(edit.tx(), edit.workspace(node.workspaceId()), growth);
    workspaces.credit(edit.tx(), node.workspaceId(), -growth);
    nodes.setProperties(
        edit.tx(), node.id(), mediaType, tags, metadata, clientTime, edit.at(), caller.accountId());
    if (node.isFile() && !Objects.equals(clientTime, node.clientModifiedAt())) {
      versions.setClientTime(edit.tx(), node.versionId(), clientTime);
    }
    edit.changed("node.described", node.id());
  }
}
