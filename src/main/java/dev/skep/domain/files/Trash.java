package dev.skep.domain.files;

import dev.skep.common.ErrorCode;
import dev.skep.common.Names;
import dev.skep.common.Page;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.content.Purges;
import dev.skep.domain.files.Edits.Edit;
import dev.skep.domain.identity.AccountNames;
import dev.skep.domain.permission.Access;
import dev.skep.domain.permission.Located;
import dev.skep.domain.permission.Relocation;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspace;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The trash of each workspace. What lies in it keeps the rights it had: it inherits from where it
 * was, so a right withdrawn there is withdrawn here too. It still counts against the quota until it
 * is purged.
 */
@Singleton
public class Trash {

  // Each purged item changes a handful of rows; a transaction touches at most 1,000 (P5).
  private static final int SLICE = 200;

  private final SqlStore sql;
  private final Edits edits;
  private final Access access;
  private final Relocation relocation;
  private final Nodes nodes;
  private final Workspaces workspaces;
  private final Purges purges;
  private final Views views;
  private final AccountNames names;

  public Trash(
      SqlStore sql,
      Edits edits,
      Access access,
      Relocation relocation,
      Nodes nodes,
      Workspaces workspaces,
      Purges purges,
      Views views,
      AccountNames names) {
    this.sql = sql;
    this.edits = edits;
    this.access = access;
    this.relocation = relocation;
    this.nodes = nodes;
    this.workspaces = workspaces;
    this.purges = purges;
    this.views = views;
    this.names = names;
  }

  /**
   * Moves a node, with all below it, to the trash; needs {@code delete}.
   *
   * @param contentPrecondition on a file's content, where the request named it by its path; else
   *     {@link Precondition#NONE}
   * @param precondition on the node's revision
   */
  public void put(
      Caller caller, UUID id, Precondition precondition, Precondition contentPrecondition) {
    edits.edit(
        caller,
        tx -> Edits.workspacesOf(access.locate(caller, tx, id)),
        Boolean.class,
        edit -> {
          edit.tx().mayUseReserve();
          Located located = access.locate(caller, edit.tx(), id);
          precondition.check(located.node().revision());
          contentPrecondition.check(
              located.node().isFile()
                  ? located.node().contentId().toString()
                  : Long.toString(located.node().revision()));
          access.demand(located, Right.DELETE);
          if (located.isRoot()) {
            throw new SkepException(
                ErrorCode.FORBIDDEN,
                "The root of a workspace cannot be deleted; DELETE /workspaces/{slug} removes an empty workspace");
          }
          Workspace workspace = edit.workspace(located.node().workspaceId());
          nodes.trash(
              edit.tx(), located.node(), workspace.trashId(), edit.at(), caller.accountId());
          workspaces.raiseEpoch(edit.tx(), workspace.id());
          edit.changed("node.trashed", id);
          return true;
        });
  }

  /** What the caller may see in a workspace's trash, the oldest node first. */
  public Page<TrashItem> list(Caller caller, String slug, PageRequest page) {
    return sql.read(
        tx -> {
          Workspace workspace = access.workspace(caller, tx, slug);
          List<TrashItem> items = new ArrayList<>();
          String after = Objects.requireNonNullElse(page.after(), "");
          List<Node> slice;
          do {
            slice = nodes.children(tx, workspace.trashId(), after, PageRequest.MAX_LIMIT);
            for (Node node : slice) {
              visible(caller, tx, node.id())
                  .ifPresent(located -> items.add(item(caller, tx, located)));
              after = node.name();
              if (items.size() > page.limit()) {
                return Page.of(items, page, item -> item.id().toString());
              }
            }
          } while (slice.size() == PageRequest.MAX_LIMIT);
          if (items.isEmpty() && page.after() == null) {
            access.locate(caller, tx, workspace.rootId());
          }
          return Page.of(items, page, item -> item.id().toString());
        });
  }

  private Optional<Located> visible(Caller caller, Tx tx, UUID id) {
    try {
      return Optional.of(access.locateInTrash(caller, tx, id));
    } catch (SkepException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private TrashItem item(Caller caller, Tx tx, Located located) {
    Node node = located.node();
    Node.Trashed trashed = Objects.requireNonNull(node.trashed());
    return new TrashItem(
        node.id(),
        trashed.name(),
        located.path(),
        NodeState.word(node.type()),
        node.isFile() ? (Long) node.size() : null,
        node.revision(),
        trashed.at(),
        names.of(caller, tx, List.of(trashed.by())).getOrDefault(trashed.by(), "skep"));
  }

  /**
   * Restores an item; needs {@code delete} on it and {@code write} at the place, and more where it
   * changes anyone's rights ({@link Relocation}).
   *
   * @param parentId where to; absent: to the old place, which must still be there
   * @param name the new name; absent: the old one
   */
  public NodeView restore(
      Caller caller,
      UUID id,
      @Nullable UUID parentId,
      @Nullable String name,
      Precondition precondition) {
    return edits.edit(
        caller,
        tx -> Edits.workspacesOf(access.locateInTrash(caller, tx, id)),
        NodeView.class,
        edit -> {
          Located item = access.locateInTrash(caller, edit.tx(), id);
          precondition.check(item.node().revision());
          access.demand(item, Right.DELETE);
          Node.Trashed trashed = Objects.requireNonNull(item.node().trashed());
          Located target =
              place(caller, edit, item, parentId == null ? trashed.originId() : parentId);
          String newName = name == null ? trashed.name() : Names.normalise(name);
          PathLimits.check(target.chain(), List.of(newName));
          nodes.restore(edit.tx(), id, target.node().id(), newName);
          workspaces.raiseEpoch(edit.tx(), item.node().workspaceId());
          edit.changed("node.restored", id);
          return views.of(caller, edit.tx(), access.locate(caller, edit.tx(), id));
        });
  }

  private Located place(Caller caller, Edit edit, Located item, UUID parentId) {
    Node.Trashed trashed = Objects.requireNonNull(item.node().trashed());
    boolean back = parentId.equals(trashed.originId());
    Located target;
    try {
      target = access.locate(caller, edit.tx(), parentId);
    } catch (SkepException missing) {
      throw back && missing.code() == ErrorCode.NOT_FOUND
          ? new SkepException(
              ErrorCode.PARENT_GONE,
              "The folder that it was in is gone or in the trash itself. Restore that first, or name another with"
                  + " parentId")
          : missing;
    }
    access.demand(target, Right.WRITE);
    if (target.node().isFile()) {
      throw new SkepException(
          ErrorCode.IS_A_FILE,
          "parentId: \"" + target.node().name() + "\" is a file, not a folder");
    }
    if (!target.node().workspaceId().equals(item.node().workspaceId())) {
      throw new SkepException(
          ErrorCode.NOT_AVAILABLE, "Restoring into another workspace is not available yet");
    }
    relocation.check(caller, edit.tx(), item, target);
    return target;
  }

  /**
   * Removes an item for good; needs {@code delete}. It is gone at once, its quota comes back within
   * minutes.
   */
  public void purge(Caller caller, UUID id, Precondition precondition) {
    edits.edit(
        caller,
        tx -> Edits.workspacesOf(access.locateInTrash(caller, tx, id)),
        Boolean.class,
        edit -> {
          Located item = access.locateInTrash(caller, edit.tx(), id);
          precondition.check(item.node().revision());
          access.demand(item, Right.DELETE);
          purge(edit, item.node());
          return true;
        });
  }

  /** Removes for good all items of a workspace's trash on which the caller holds {@code delete}. */
  public void empty(Caller caller, String slug) {
    UUID workspaceId =
        sql.read(
            tx -> {
              Workspace workspace = access.workspace(caller, tx, slug);
              access.locate(caller, tx, workspace.rootId());
              return workspace.id();
            });
    String after = "";
    do {
      String from = after;
      after =
          edits.edit(
              caller, workspaceId, String.class, edit -> empty(caller, edit, workspaceId, from));
    } while (!after.isEmpty());
  }

  /** Purges one slice; returns the name to go on after, empty at the end. */
  private String empty(Caller caller, Edit edit, UUID workspaceId, String after) {
    List<Node> slice =
        nodes.children(edit.tx(), edit.workspace(workspaceId).trashId(), after, SLICE);
    for (Node node : slice) {
      visible(caller, edit.tx(), node.id())
          .filter(item -> item.rights().has(Right.DELETE))
          .ifPresent(item -> purge(edit, item.node()));
    }
    return slice.size() < SLICE ? "" : slice.getLast().name();
  }

  private void purge(Edit edit, Node node) {
    edit.tx().mayUseReserve();
    edit.changed("node.purged", node);
    purges.add(edit.tx(), node, edit.at());
  }
}
