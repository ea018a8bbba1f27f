package dev.skep.domain.files;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  /** One page looks at no more items than this; who may see few of them gets a short page. */
  private static final int LOOKED_AT = 10_000;

  private final SqlStore sql;
  private final Edits edits;
  private final Access access;
  private final Relocation relocation;
  private final Nodes nodes;
  private final Workspaces workspaces;
  private final Purges purges;
  private final Views views;
  private final AccountNames names;
  private final Ids ids;

  public Trash(
      SqlStore sql,
      Edits edits,
      Access access,
      Relocation relocation,
      Nodes nodes,
      Workspaces workspaces,
      Purges purges,
      Views views,
      AccountNames names,
      Ids ids) {
    this.sql = sql;
    this.edits = edits;
    this.access = access;
    this.relocation = relocation;
    this.nodes = nodes;
    this.workspaces = workspaces;
    this.purges = purges;
    this.views = views;
    this.names = names;
    this.ids = ids;
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

  /**
   * What the caller may see in a workspace's trash, the oldest node first; nothing for one who sees
   * another part of the workspace.
   */
  public Page<TrashItem> list(Caller caller, String slug, PageRequest request) {
    return sql.read(
        tx -> {
          Workspace workspace = access.visibleWorkspace(caller, tx, slug);
          Page<Located> page = page(caller, tx, workspace, request);
          Map<UUID, String> authors =
              names.of(caller, tx, page.items().stream().map(item -> trashed(item).by()).toList());
          return page.map(item -> item(item, authors));
        });
  }

  private Page<Located> page(Caller caller, Tx tx, Workspace workspace, PageRequest request) {
    String after = Objects.requireNonNullElse(request.after(), "");
    List<Located> visible = new ArrayList<>();
    int left = LOOKED_AT;
    int slice = request.limit() + 1;
    while (left > 0) {
      int most = Math.min(left, slice);
      List<Node> items = nodes.trashed(tx, workspace.trashId(), after, most);
      visible.addAll(access.locateInTrash(caller, tx, workspace, items, after));
      if (items.size() < most || visible.size() > request.limit()) {
        return Page.of(visible, request, item -> item.node().name());
      }
      after = items.getLast().name();
      left -= items.size();
      slice = PageRequest.MAX_LIMIT;
    }
    return Page.upTo(visible, request, after);
  }

  private static TrashItem item(Located located, Map<UUID, String> authors) {
    Node node = located.node();
    Node.Trashed trashed = trashed(located);
    return new TrashItem(
        node.id(),
        trashed.name(),
        located.path(),
        NodeState.word(node.type()),
        node.isFile() && located.rights().has(Right.READ) ? (Long) node.size() : null,
        node.revision(),
        trashed.at(),
        authors.getOrDefault(trashed.by(), AccountNames.SKEP));
  }

  private static Node.Trashed trashed(Located item) {
    return Objects.requireNonNull(item.node().trashed());
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
   * Removes an item for good; needs {@code delete}. It is gone at once, its quota comes back soon.
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
    purges.sweepSoon(id);
  }

  /**
   * Removes for good all items of a workspace's trash on which the caller holds {@code delete}.
   * They are gone at once, their quota comes back soon. For one who holds it everywhere the trash
   * as a whole is exchanged for an empty one, whatever it holds; else items go by the hundred.
   */
  public void empty(Caller caller, String slug) {
    UUID workspaceId = sql.read(tx -> access.visibleWorkspace(caller, tx, slug).id());
    UUID newTrashId = ids.next();
    UUID oldTrashId =
        edits.edit(
            caller,
            workspaceId,
            UUID.class,
            edit -> exchange(caller, edit, workspaceId, newTrashId));
    if (!oldTrashId.equals(Ids.ZERO)) {
      purges.sweepSoon(oldTrashId);
      return;
    }
    Optional<Slice> slice = next(caller, workspaceId, "");
    while (slice.isPresent()) {
      purge(caller, workspaceId, slice.get());
      slice = next(caller, workspaceId, slice.get().to());
    }
  }

  /** Returns the id of the trash that is to be removed; zero when the items go one by one. */
  private UUID exchange(Caller caller, Edit edit, UUID workspaceId, UUID newTrashId) {
    Workspace workspace = edit.workspace(workspaceId);
    boolean whole =
        access.holdsEverywhere(caller, edit.tx(), workspace, Right.DELETE)
            && !nodes.trashed(edit.tx(), workspace.trashId(), "", 1).isEmpty();
    if (!whole) {
      return Ids.ZERO;
    }
    purge(edit, nodes.find(edit.tx(), workspace.trashId()).orElseThrow());
    edit.changed(
        workspaceId,
        workspaces.replaceTrash(edit.tx(), workspaceId, newTrashId, edit.at(), caller.accountId()));
    return workspace.trashId();
  }

  /**
   * A stretch of the trash.
   *
   * @param after the name that it begins after
   * @param to the last name
   * @param ids of the items that the caller may purge
   */
  private record Slice(String after, String to, Set<UUID> ids) {}

  /** The next stretch in which there is something to purge. */
  private Optional<Slice> next(Caller caller, UUID workspaceId, String from) {
    return sql.read(
        tx -> {
          Workspace workspace = workspaces.find(tx, workspaceId).orElseThrow(Access::missing);
          String after = from;
          List<Node> items;
          do {
            items = nodes.trashed(tx, workspace.trashId(), after, PageRequest.MAX_LIMIT);
            List<Node> mine = purgeable(caller, tx, workspace, items, after).limit(SLICE).toList();
            if (!mine.isEmpty()) {
              Node last = mine.size() < SLICE ? items.getLast() : mine.getLast();
              return Optional.of(
                  new Slice(
                      after, last.name(), mine.stream().map(Node::id).collect(Collectors.toSet())));
            }
            after = items.isEmpty() ? after : items.getLast().name();
          } while (items.size() == PageRequest.MAX_LIMIT);
          return Optional.empty();
        });
  }

  /** Purges of a slice what the caller may still purge. */
  private void purge(Caller caller, UUID workspaceId, Slice slice) {
    edits.edit(
        caller,
        workspaceId,
        Boolean.class,
        edit -> {
          Workspace workspace = edit.workspace(workspaceId);
          List<Node> items =
              nodes.trashed(edit.tx(), workspace.trashId(), slice.after(), PageRequest.MAX_LIMIT);
          purgeable(caller, edit.tx(), workspace, items, slice.after())
              .filter(item -> slice.ids().contains(item.id()))
              .forEach(item -> purge(edit, item));
          return true;
        });
    slice.ids().forEach(purges::sweepSoon);
  }

  private Stream<Node> purgeable(
      Caller caller, Tx tx, Workspace workspace, List<Node> items, String after) {
    return access.locateInTrash(caller, tx, workspace, items, after).stream()
        .filter(item -> item.rights().has(Right.DELETE))
        .map(Located::node);
  }

  private void purge(Edit edit, Node node) {
    edit.tx().mayUseReserve();
    edit.changed(node.workspaceId(), purges.add(edit.tx(), node, edit.at()));
  }
}
