package dev.skep.domain.files;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.Names;
import dev.skep.common.Page;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.common.admission.MemoryBudget;
import dev.skep.common.admission.MemoryBudget.Kind;
import dev.skep.common.admission.Permit;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.files.Edits.Edit;
import dev.skep.domain.permission.Access;
import dev.skep.domain.permission.Located;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Folders: listing and making them. */
@Singleton
public class Folders {

  /**
   * One page looks at no more children than this; a caller who may see few of them gets a short
   * page.
   */
  private static final int LOOKED_AT = 10_000;

  /** A page ends where the descriptions of its nodes have more bytes. */
  private static final int LARGEST_PAGE = 1 << 20;

  /** As rows, as what they hold, as views and as JSON. */
  private static final int COPIES = 4;

  private final SqlStore sql;
  private final MemoryBudget memory;
  private final Edits edits;
  private final Paths paths;
  private final Access access;
  private final Nodes nodes;
  private final NewFolders folders;
  private final Views views;
  private final Ids ids;

  public Folders(
      SqlStore sql,
      MemoryBudget memory,
      Edits edits,
      Paths paths,
      Access access,
      Nodes nodes,
      NewFolders folders,
      Views views,
      Ids ids) {
    this.sql = sql;
    this.memory = memory;
    this.edits = edits;
    this.paths = paths;
    this.access = access;
    this.nodes = nodes;
    this.folders = folders;
    this.views = views;
    this.ids = ids;
  }

  /**
   * The children on which the caller holds any right, in bytewise order of their names. Needs the
   * right to read the folder; the page's position is a name. A page ends early where its
   * descriptions are large.
   *
   * @throws SkepException {@code busy} when too many such pages are made
   */
  public Page<NodeView> children(Caller caller, Target target, PageRequest request) {
    Optional<Page<NodeView>> light =
        sql.read(tx -> lightPage(caller, tx, folder(caller, tx, target), request));
    if (light.isPresent()) {
      return light.get();
    }
    // Not waited for in a transaction, whose connection others need.
    try (Permit held =
        memory.acquire(Kind.PAGE, caller.accountId(), (long) LARGEST_PAGE * COPIES)) {
      return sql.read(tx -> heavyPage(caller, tx, folder(caller, tx, target), request));
    }
  }

  private Located folder(Caller caller, Tx tx, Target target) {
    return requireFolder(access.demand(paths.find(caller, tx, target), Right.READ));
  }

  /** One that ends by the bytes of what it looks at. */
  private Page<NodeView> heavyPage(Caller caller, Tx tx, Located folder, PageRequest request) {
    UUID parent = folder.node().id();
    String after = request.after() == null ? "" : request.after();
    int fitting = fitting(nodes.bytesOfChildren(tx, parent, after, request.limit() + 1));
    List<Node> children = nodes.children(tx, parent, after, fitting);
    List<NodeView> visible = visible(caller, tx, folder, children, after);
    if (visible.size() > request.limit()) {
      return Page.of(visible, request, NodeView::name);
    }
    return children.size() < fitting || children.isEmpty()
        ? new Page<>(visible, null)
        : Page.upTo(visible, request, children.getLast().name());
  }

  /** How many of them, at least one. */
  private static int fitting(List<Long> bytes) {
    long sum = 0;
    for (int i = 0; i < bytes.size(); i++) {
      sum += bytes.get(i);
      if (sum > LARGEST_PAGE) {
        return Math.max(1, i);
      }
    }
    return bytes.size() + 1;
  }

  /** Absent where something had to be left out. */
  private Optional<Page<NodeView>> lightPage(
      Caller caller, Tx tx, Located folder, PageRequest request) {
    String after = request.after() == null ? "" : request.after();
    List<NodeView> visible = new ArrayList<>();
    int left = LOOKED_AT;
    int slice = request.limit() + 1;
    while (left > 0) {
      int most = Math.min(left, slice);
      Nodes.LightChildren light = nodes.lightChildren(tx, folder.node().id(), after, most);
      if (!light.whole()) {
        return Optional.empty();
      }
      List<Node> children = light.nodes();
      visible.addAll(visible(caller, tx, folder, children, after));
      if (children.size() < most || visible.size() > request.limit()) {
        return Optional.of(Page.of(visible, request, NodeView::name));
      }
      after = children.getLast().name();
      left -= children.size();
      slice = PageRequest.MAX_LIMIT;
    }
    return Optional.of(Page.upTo(visible, request, after));
  }

  private List<NodeView> visible(
      Caller caller, Tx tx, Located folder, List<Node> children, String after) {
    Map<UUID, Rights> rights = access.childRights(caller, tx, folder, children, after);
    List<Node> seen =
        children.stream()
            .filter(child -> !rights.getOrDefault(child.id(), Rights.NONE).none())
            .toList();
    return views.of(caller, tx, folder, seen, rights);
  }

  /**
   * Makes a folder in another, once per Idempotency-Key.
   *
   * @throws SkepException {@code name-taken}
   */
  public NodeView make(Caller caller, UUID parentId, String rawName) {
    String name = Names.normalise(rawName);
    List<UUID> newIds = List.of(ids.next());
    return edits.edit(
        caller,
        tx -> Edits.workspacesOf(access.locate(caller, tx, parentId)),
        NodeView.class,
        edit -> {
          Located parent = requireFolder(access.require(caller, edit.tx(), parentId, Right.WRITE));
          PathLimits.check(parent.chain(), List.of(name));
          return make(caller, edit, parent, List.of(name), newIds);
        });
  }

  /**
   * Makes the folder at a path, and those missing on the way; one that is there already is left as
   * it is.
   */
  public Stored makePath(Caller caller, FilePath path, Precondition condition) {
    List<UUID> newIds = folders.ids(path);
    return edits.edit(
        caller,
        tx -> Set.of(writableFolder(caller, tx, path, condition).workspace().id()),
        Stored.class,
        edit -> {
          Destination to = writableFolder(caller, edit.tx(), path, condition);
          return to.exists()
              ? new Stored(views.of(caller, edit.tx(), to.nearest()), false)
              : new Stored(make(caller, edit, to.nearest(), to.missing(), newIds), true);
        });
  }

  private Destination writableFolder(Caller caller, Tx tx, FilePath path, Precondition condition) {
    Destination to = paths.writable(caller, tx, path, condition, List.of());
    requireFolder(to.nearest());
    return to;
  }

  private NodeView make(
      Caller caller, Edit edit, Located parent, List<String> names, List<UUID> newIds) {
    Node made = folders.make(edit, parent.node(), names, newIds, caller.accountId());
    return views.of(caller, edit.tx(), access.made(caller, edit.tx(), parent, made));
  }

  private static Located requireFolder(Located located) {
    if (located.node().isFile()) {
      throw new SkepException(ErrorCode.IS_A_FILE, "This is a file, not a folder");
    }
    return located;
  }
}
