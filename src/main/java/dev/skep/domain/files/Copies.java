package dev.skep.domain.files;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.Names;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.content.Contents;
import dev.skep.domain.files.Edits.Edit;
import dev.skep.domain.permission.Access;
import dev.skep.domain.permission.Located;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Nodes.FileContent;
import dev.skep.domain.tree.Workspaces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Copies files: copy-on-write, so that no byte of content moves; the copy keeps ETag, tags and
 * metadata.
 */
@Singleton
public class Copies {

  private final Edits edits;
  private final Access access;
  private final Nodes nodes;
  private final Workspaces workspaces;
  private final Contents contents;
  private final VersionRows versions;
  private final Views views;
  private final Ids ids;

  public Copies(
      Edits edits,
      Access access,
      Nodes nodes,
      Workspaces workspaces,
      Contents contents,
      VersionRows versions,
      Views views,
      Ids ids) {
    this.edits = edits;
    this.access = access;
    this.nodes = nodes;
    this.workspaces = workspaces;
    this.contents = contents;
    this.versions = versions;
    this.views = views;
    this.ids = ids;
  }

  /**
   * Copies a file's current content; needs {@code read} on it and {@code write} on the target
   * folder, which may lie in another workspace.
   *
   * @param name of the copy; absent: the same
   */
  public NodeView copy(
      Caller caller, UUID id, UUID parentId, @Nullable String name, Precondition precondition) {
    UUID copyId = ids.next();
    UUID versionId = ids.next();
    return edits.edit(
        caller,
        tx ->
            Edits.workspacesOf(access.locate(caller, tx, id), access.locate(caller, tx, parentId)),
        NodeView.class,
        edit -> {
          Located source = access.require(caller, edit.tx(), id, Right.READ);
          Located target = access.require(caller, edit.tx(), parentId, Right.WRITE);
          precondition.check(source.node().revision());
          requireFileIntoFolder(source.node(), target.node());
          String copyName = name == null ? source.node().name() : Names.normalise(name);
          PathLimits.check(target.chain(), List.of(copyName));
          Node copy =
              insert(caller, edit, source.node(), target.node(), copyName, copyId, versionId);
          return views.of(caller, edit.tx(), access.made(caller, edit.tx(), target, copy));
        });
  }

  private static void requireFileIntoFolder(Node source, Node target) {
    if (target.isFile()) {
      throw new SkepException(
          ErrorCode.IS_A_FILE, "parentId: \"" + target.name() + "\" is a file, not a folder");
    }
    if (source.isFolder()) {
      throw new SkepException(
          ErrorCode.NOT_AVAILABLE,
          "Copying a folder is not available yet; copy its files one by one");
    }
  }

  private Node insert(
      Caller caller,
      Edit edit,
      Node source,
      Node target,
      String name,
      UUID copyId,
      UUID versionId) {
    workspaces.charge(
        edit.tx(), edit.workspace(target.workspaceId()), source.size() + source.descriptionBytes());
    contents.reuse(edit.tx(), source.contentId());
    FileContent content =
        new FileContent(
            versionId,
            source.contentId(),
            source.size(),
            source.sha256(),
            source.mediaType(),
            source.clientModifiedAt());
    Node copy =
        nodes.insertFile(
            edit.tx(),
            copyId,
            target,
            name,
            content,
            source.tags(),
            source.metadata(),
            edit.at(),
            caller.accountId());
    versions.addFirst(edit.tx(), copyId, content, edit.at(), caller.accountId());
    edit.changed("node.created", copy);
    return copy;
  }
}
