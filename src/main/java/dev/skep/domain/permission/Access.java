package dev.skep.domain.permission;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspace;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds nodes for a caller and decides what he may do with them, in the caller's own transaction:
 * what it reads is one snapshot, so a right that was withdrawn before is refused (P8). Nothing is
 * kept between calls.
 */
@Singleton
public class Access {

  private final Nodes nodes;
  private final Workspaces workspaces;

  public Access(Nodes nodes, Workspaces workspaces) {
    this.nodes = nodes;
    this.workspaces = workspaces;
  }

  /** The workspace of a slug; {@code home} is the caller's own. Says nothing of rights. */
  public Workspace workspace(Caller caller, Tx tx, String slug) {
    return workspace(caller, tx, slug, List.of());
  }

  /**
   * The same, not read again where it is one that this transaction has read.
   *
   * @param known with the columns that a slug depends on as this transaction sees them
   */
  public Workspace workspace(Caller caller, Tx tx, String slug, Collection<Workspace> known) {
    for (Workspace each : known) {
      if (isOwn(slug) ? each.isHomeOf(caller) : each.slug().equals(slug)) {
        return each;
      }
    }
    return bySlug(caller, tx, slug).orElseThrow(Access::missing);
  }

  private Optional<Workspace> bySlug(Caller caller, Tx tx, String slug) {
    return isOwn(slug) ? workspaces.homeOf(tx, caller) : workspaces.bySlug(tx, slug);
  }

  private static boolean isOwn(String slug) {
    return slug.equals("home");
  }

  /**
   * The workspaces after a slug in which the caller holds an entry on anything; a scoped token sees
   * those that its scopes open.
   */
  public List<Workspace> workspacesOf(Caller caller, Tx tx, String after, int limit) {
    if (!caller.scopes().isEmpty()) {
      return opened(caller, tx).stream()
          .filter(workspace -> workspace.slug().compareTo(after) > 0)
          .limit(limit)
          .toList();
    }
    return tx.query(PermissionSql.WORKSPACES_OF, caller.accountId(), after, limit).stream()
        .flatMap(row -> workspaces.find(tx, row.id("id")).stream())
        .toList();
  }

  /**
   * Up to {@code limit} nodes after one, by id, on which others gave the caller, a group of his or
   * everyone something. What counts of it today, {@link #visible} tells.
   */
  public List<UUID> sharedWith(Caller caller, Tx tx, UUID after, int limit) {
    return tx
        .query(
            PermissionSql.SHARED_WITH, caller.accountId(), after, after, caller.accountId(), limit)
        .stream()
        .map(row -> row.id("node_id"))
        .toList();
  }

  /** The node, alive and not in the trash, with at least one right on it. */
  public Optional<Located> visible(Caller caller, Tx tx, UUID nodeId) {
    return find(caller, tx, nodeId)
        .filter(located -> !located.rights().none() && !located.inTrash());
  }

  private boolean holdsAnyEntry(Caller caller, Tx tx, UUID workspaceId) {
    if (!caller.scopes().isEmpty()) {
      return opened(caller, tx).stream().anyMatch(found -> found.id().equals(workspaceId));
    }
    return tx.one(PermissionSql.WORKSPACE_IF_HELD, caller.accountId(), workspaceId).isPresent();
  }

  /**
   * The workspace of a slug, where the caller holds an entry on anything; else {@code not-found},
   * by the same statements whether it is there or not.
   */
  public Workspace visibleWorkspace(Caller caller, Tx tx, String slug) {
    Optional<Workspace> found = bySlug(caller, tx, slug);
    boolean held = holdsAnyEntry(caller, tx, found.map(Workspace::id).orElse(Ids.ZERO));
    return found.filter(workspace -> held).orElseThrow(Access::missing);
  }

  /** The workspaces of nodes on which the caller's scopes give him a right, by slug. */
  private List<Workspace> opened(Caller caller, Tx tx) {
    return caller.scopes().stream()
        .flatMap(scope -> find(caller, tx, scope.nodeId()).stream())
        .filter(located -> !located.rights().none() && !located.inTrash())
        .map(located -> located.node().workspaceId())
        .distinct()
        .flatMap(id -> workspaces.find(tx, id).stream())
        .sorted(Comparator.comparing(Workspace::slug))
        .toList();
  }

  /**
   * The node, alive and not in the trash, with at least one right on it; else {@code not-found}.
   */
  public Located locate(Caller caller, Tx tx, UUID nodeId) {
    return living(find(caller, tx, nodeId));
  }

  /** The same for a node that was found in a workspace which this transaction has read. */
  public Located locate(Caller caller, Tx tx, Workspace within, UUID nodeId) {
    return living(find(caller, tx, nodeId, within));
  }

  /**
   * A living node, or the nearest folder above it, on which the caller holds a right; else {@code
   * not-found}.
   */
  public Located nearest(Caller caller, Tx tx, Workspace within, UUID nodeId) {
    Located located = find(caller, tx, nodeId, within).orElseThrow(Access::missing);
    if (!located.rights().none()) {
      return living(Optional.of(located));
    }
    List<Nodes.Ancestor> chain = located.chain();
    List<Map<Subject, Rights>> entries = entriesAbove(tx, caller.accountId(), chain);
    for (int at = 1; at < chain.size(); at++) {
      if (!effective(caller, chain, entries, at).none()) {
        return locate(caller, tx, within, chain.get(at).id());
      }
    }
    throw missing();
  }

  /** Whether the caller holds all the rights named on a living node. */
  public boolean holds(Caller caller, Tx tx, UUID nodeId, Right... rights) {
    return visible(caller, tx, nodeId)
        .filter(located -> located.rights().holds(Rights.of(rights)))
        .isPresent();
  }

  /** The same, with all the rights named; {@code forbidden} when one of them is missing. */
  public Located require(Caller caller, Tx tx, UUID nodeId, Right... rights) {
    return demand(locate(caller, tx, nodeId), rights);
  }

  /** A node that lies in the trash itself, and is not purged. */
  public Located locateInTrash(Caller caller, Tx tx, UUID nodeId) {
    Located located = locateAnywhere(caller, tx, nodeId);
    if (!located.node().parentId().equals(located.workspace().trashId())) {
      throw missing();
    }
    return located;
  }

  /**
   * Those of a trash's items on which the caller holds a right, read for all of them together.
   *
   * @param items as {@link Nodes#trashed} gives them after that name
   */
  public List<Located> locateInTrash(
      Caller caller, Tx tx, Workspace workspace, List<Node> items, String after) {
    if (items.isEmpty()) {
      return List.of();
    }
    Map<UUID, Map<Subject, Rights>> entries =
        entriesByNode(
            tx,
            PermissionSql.ENTRIES_OF_TRASHED,
            "node_id",
            List.of(caller.accountId(), workspace.trashId(), after, items.getLast().name()));
    List<List<Nodes.Ancestor>> chains =
        nodes.ancestorsOfTrashed(tx, workspace.trashId(), after, items);
    List<Located> located = new ArrayList<>();
    for (int at = 0; at < items.size(); at++) {
      List<Nodes.Ancestor> chain = chains.get(at);
      List<Map<Subject, Rights>> nearestFirst =
          chain.stream().map(step -> entries.getOrDefault(step.id(), Map.of())).toList();
      if (chain.getLast().id().equals(workspace.rootId())
          && !effective(caller, chain, nearestFirst, 0).none()) {
        located.add(located(caller, workspace, items.get(at), chain, nearestFirst));
      }
    }
    return located;
  }

  /**
   * Whether the caller holds a right on everything in the workspace, as far as that can be told
   * without looking at each node: false says nothing.
   */
  public boolean holdsEverywhere(Caller caller, Tx tx, Workspace workspace, Right right) {
    if (!caller.scopes().isEmpty()) {
      return false;
    }
    List<Nodes.Ancestor> root = nodes.ancestors(tx, workspace.rootId());
    Map<Subject, Rights> entries = entriesAbove(tx, caller.accountId(), root).getFirst();
    return Inheritance.decide(entries).has(right)
        && entryWithout(caller, tx, workspace, right, entries).isEmpty();
  }

  /** Where a user has an entry of his own on the root, only his own count below it. */
  private static Optional<Row> entryWithout(
      Caller caller, Tx tx, Workspace workspace, Right right, Map<Subject, Rights> onRoot) {
    long bit = Rights.of(right).bits();
    UUID id = workspace.id();
    UUID account = caller.accountId();
    return onRoot.containsKey(Subject.user(account))
        ? tx.one(PermissionSql.OWN_ENTRY_WITHOUT, account, id, bit)
        : tx.one(PermissionSql.ENTRY_WITHOUT, account, id, bit, Ids.ZERO, id, bit);
  }

  /** A living node, even when the caller has no right on it: for what an administrator may do. */
  Located locateWithoutRights(Caller caller, Tx tx, UUID nodeId) {
    Located located = find(caller, tx, nodeId).orElseThrow(Access::missing);
    if (located.inTrash()) {
      throw missing();
    }
    return located;
  }

  /** Refuses what the caller may not do with a node that he has found. */
  public Located demand(Located located, Right... rights) {
    Rights needed = Rights.of(rights);
    if (!located.rights().holds(needed)) {
      throw new SkepException(
          ErrorCode.FORBIDDEN,
          "This needs the right to "
              + String.join(", ", needed.words())
              + " here; you may "
              + String.join(", ", located.rights().words()));
    }
    return located;
  }

  /** A node, alive or in the trash, with at least one right on it; else {@code not-found}. */
  public Located locateAnywhere(Caller caller, Tx tx, UUID nodeId) {
    return held(find(caller, tx, nodeId));
  }

  private static Located held(Optional<Located> found) {
    return found.filter(located -> !located.rights().none()).orElseThrow(Access::missing);
  }

  private static Located living(Optional<Located> found) {
    Located located = held(found);
    if (located.inTrash()) {
      throw missing();
    }
    return located;
  }

  private Optional<Located> find(Caller caller, Tx tx, UUID nodeId) {
    return find(caller, tx, nodeId, null);
  }

  private Optional<Located> find(Caller caller, Tx tx, UUID nodeId, @Nullable Workspace known) {
    Optional<Node> found = nodes.find(tx, nodeId);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Node node = found.get();
    List<Nodes.Ancestor> chain = nodes.ancestors(tx, nodeId);
    // A purged node, and a trash root, hang under the workspace's id without being its root.
    Optional<Workspace> within =
        known != null && known.id().equals(node.workspaceId())
            ? Optional.of(known)
            : workspaces.find(tx, node.workspaceId());
    if (within.isEmpty() || !chain.getLast().id().equals(within.get().rootId())) {
      return Optional.empty();
    }
    Workspace workspace = within.get();
    List<Map<Subject, Rights>> entries = entriesAbove(tx, caller.accountId(), chain);
    return Optional.of(located(caller, workspace, node, chain, entries));
  }

  private static Located located(
      Caller caller,
      Workspace workspace,
      Node node,
      List<Nodes.Ancestor> chain,
      List<Map<Subject, Rights>> entries) {
    return new Located(
        node,
        workspace,
        effective(caller, chain, entries, 0),
        path(caller, workspace, chain, entries),
        chain,
        chain.stream().anyMatch(Nodes.Ancestor::trashed));
  }

  /**
   * The place of a node that this transaction has just made in a folder: it has no entries of its
   * own, so that where the caller reads the folder nothing needs to be read again.
   */
  public Located made(Caller caller, Tx tx, Located folder, Node node) {
    return folder.rights().has(Right.READ) && node.parentId().equals(folder.node().id())
        ? folder.with(Nodes.Ancestor.of(node), node)
        : locate(caller, tx, node.id());
  }

  /** The rights on the node at {@code from} in the chain. */
  private static Rights effective(
      Caller caller, List<Nodes.Ancestor> chain, List<Map<Subject, Rights>> entries, int from) {
    Rights rights = Inheritance.effective(entries.subList(from, entries.size()));
    return rights.and(scope(caller, chain, from));
  }

  /** What the caller's token lets through on the node at {@code from}. */
  static Rights scope(Caller caller, List<Nodes.Ancestor> chain, int from) {
    if (caller.scopes().isEmpty()) {
      return Rights.ALL;
    }
    Rights rights = Rights.NONE;
    for (Nodes.Ancestor ancestor : chain.subList(from, chain.size())) {
      for (Caller.Scope scope : caller.scopes()) {
        if (scope.nodeId().equals(ancestor.id())) {
          rights = rights.or(scope.rights());
        }
      }
    }
    return rights;
  }

  private static String path(
      Caller caller,
      Workspace workspace,
      List<Nodes.Ancestor> chain,
      List<Map<Subject, Rights>> entries) {
    int top = topmostReadable(caller, chain, entries);
    List<String> names = new ArrayList<>();
    if (top == chain.size() - 1) {
      names.add("");
      names.add(workspace.slugFor(caller));
      top--;
    }
    for (int at = top; at >= 0; at--) {
      names.add(shownName(chain.get(at)));
    }
    return String.join("/", names);
  }

  /** From the root downwards, so that a deep path costs its length, not the square of it. */
  private static int topmostReadable(
      Caller caller, List<Nodes.Ancestor> chain, List<Map<Subject, Rights>> entries) {
    Map<Subject, Rights> nearest = new HashMap<>();
    for (int at = chain.size() - 1; at > 0; at--) {
      nearest.putAll(entries.get(at));
      if (Inheritance.decide(nearest).has(Right.READ) && scope(caller, chain, at).has(Right.READ)) {
        return at;
      }
    }
    return 0;
  }

  private static String shownName(Nodes.Ancestor ancestor) {
    @Nullable String origin = ancestor.originName();
    return origin == null ? ancestor.name() : origin;
  }

  /**
   * The rights of the caller on each child of a folder, in the range of names {@code (after, to]}.
   */
  public Map<UUID, Rights> childRights(
      Caller caller, Tx tx, Located folder, List<Node> children, String after) {
    if (children.isEmpty()) {
      return Map.of();
    }
    List<Map<Subject, Rights>> above = entriesAbove(tx, caller.accountId(), folder.chain());
    Map<UUID, Map<Subject, Rights>> own =
        entriesByNode(
            tx,
            PermissionSql.ENTRIES_OF_CHILDREN,
            "id",
            List.of(caller.accountId(), folder.node().id(), after, children.getLast().name()));
    Rights inherited = Inheritance.effective(above);
    Map<UUID, Rights> result = new HashMap<>();
    for (Node child : children) {
      Map<Subject, Rights> entries = own.get(child.id());
      Rights rights = entries == null ? inherited : Inheritance.effective(prepend(entries, above));
      result.put(child.id(), rights.and(childScope(caller, folder, child)));
    }
    return result;
  }

  private static Map<UUID, Map<Subject, Rights>> entriesByNode(
      Tx tx, PermissionSql statement, String id, List<Object> parameters) {
    Map<UUID, Map<Subject, Rights>> entries = new HashMap<>();
    Entries.read(
        tx,
        statement,
        parameters,
        row ->
            entries
                .computeIfAbsent(row.id(id), node -> new HashMap<>())
                .put(Entries.subjectOf(row), Entries.rightsOf(row)));
    return entries;
  }

  private static Rights childScope(Caller caller, Located folder, Node child) {
    Rights above = scope(caller, folder.chain(), 0);
    return caller.scopes().stream()
        .filter(scope -> scope.nodeId().equals(child.id()))
        .map(Caller.Scope::rights)
        .reduce(above, Rights::or);
  }

  private static List<Map<Subject, Rights>> prepend(
      Map<Subject, Rights> first, List<Map<Subject, Rights>> rest) {
    List<Map<Subject, Rights>> all = new ArrayList<>(rest.size() + 1);
    all.add(first);
    all.addAll(rest);
    return all;
  }

  private static List<Map<Subject, Rights>> entriesAbove(
      Tx tx, UUID accountId, List<Nodes.Ancestor> chain) {
    List<Map<Subject, Rights>> entries = new ArrayList<>(chain.size());
    for (int level = 0; level < chain.size(); level++) {
      entries.add(new HashMap<>());
    }
    Entries.read(
        tx,
        PermissionSql.ENTRIES_ABOVE,
        List.of(accountId, chain.getFirst().id()),
        row ->
            entries
                .get((int) row.number("depth"))
                .put(Entries.subjectOf(row), Entries.rightsOf(row)));
    return entries;
  }

  public static SkepException missing() {
    return new SkepException(ErrorCode.NOT_FOUND, "There is nothing here that you may see");
  }
}
