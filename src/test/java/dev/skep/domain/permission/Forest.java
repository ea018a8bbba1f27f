package dev.skep.domain.permission;

import dev.skep.common.Ids;
import dev.skep.domain.Caller;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Random people, nested groups and trees with entries, each thing made twice: as rows, and in the
 * reference.
 */
final class Forest {

  static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  static final int USERS = 6;
  static final int GROUPS = 5;

  final ReferenceRights reference = new ReferenceRights();
  private final RandomGenerator random;
  private final Map<String, UUID> ids = new HashMap<>();
  private final Map<UUID, String> names = new HashMap<>();
  private final Nodes nodes;
  private final Workspaces workspaces;

  /** A workspace; {@code folders} begins with its root. */
  record Tree(UUID workspaceId, UUID trashId, List<String> folders, Set<String> trashed) {}

  Forest(RandomGenerator random, Nodes nodes, Workspaces workspaces) {
    this.random = random;
    this.nodes = nodes;
    this.workspaces = workspaces;
  }

  UUID id(String name) {
    return ids.computeIfAbsent(
        name,
        made -> {
          UUID id = new UUID(random.nextLong(), random.nextLong());
          names.put(id, made);
          return id;
        });
  }

  String name(UUID id) {
    return names.get(id);
  }

  /** A node that the domain has made. */
  void know(String name, UUID id) {
    ids.put(name, id);
    names.put(id, name);
  }

  String user() {
    return "u" + random.nextInt(USERS);
  }

  <T> T oneOf(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  Caller caller(String user, Caller.Scope... scopes) {
    return new Caller(id(user), user, false, Ids.ZERO, List.of(scopes), "test", null);
  }

  /** Users, of whom one may be disabled, and groups that hold users and other groups. */
  void people(Tx tx) {
    for (int at = 0; at < USERS; at++) {
      boolean disabled = at == 0 && random.nextBoolean();
      if (disabled) {
        reference.disabled.add("u0");
      }
      tx.update(Rows.ACCOUNT, id("u" + at), id("u" + at).toString(), false, disabled, Ids.ZERO);
    }
    for (int at = 0; at < GROUPS; at++) {
      tx.update(Rows.TEAM, id("g" + at), id("g" + at).toString());
      for (int user = 0; user < USERS; user++) {
        member(tx, "g" + at, "u" + user, 1);
      }
      for (int inner = 0; inner < at; inner++) {
        member(tx, "g" + at, "g" + inner, 2);
      }
    }
  }

  private void member(Tx tx, String group, String member, int kind) {
    if (random.nextInt(3) == 0) {
      tx.update(Rows.MEMBER, id(group), kind, id(member));
      reference.groupsOf.computeIfAbsent(member, none -> new HashSet<>()).add(group);
    }
  }

  /** A tree with entries, then moved about and partly trashed. */
  Tree tree(Tx tx, String name) {
    Workspaces.Roots roots = new Workspaces.Roots(id(name), id(name + " trash"));
    UUID workspaceId = id(name + " workspace");
    workspaces.insert(tx, workspaceId, "w" + workspaceId, name, Ids.ZERO, -1, roots, AT, Ids.ZERO);
    Tree tree =
        new Tree(workspaceId, roots.trashId(), new ArrayList<>(List.of(name)), new HashSet<>());
    int count = 2 + random.nextInt(6);
    for (int at = 1; at <= count; at++) {
      grow(tx, tree, name + "/" + at);
    }
    int entries = 1 + random.nextInt(8);
    for (int at = 0; at < entries; at++) {
      enter(tx, tree, oneOf(tree.folders));
    }
    int changes = random.nextInt(4);
    for (int at = 0; at < changes; at++) {
      change(tx, tree, oneOf(tree.folders));
    }
    return tree;
  }

  private void grow(Tx tx, Tree tree, String folder) {
    String parent = oneOf(tree.folders);
    Node above = nodes.find(tx, id(parent)).orElseThrow();
    nodes.insertFolder(tx, id(folder), above, id(folder).toString(), AT, Ids.ZERO);
    reference.parent.put(folder, parent);
    tree.folders.add(folder);
  }

  private void enter(Tx tx, Tree tree, String folder) {
    String subject =
        switch (random.nextInt(5)) {
          case 0, 1 -> user();
          case 2, 3 -> "g" + random.nextInt(GROUPS);
          default -> "everyone";
        };
    Map<String, Set<Right>> here = reference.entries.computeIfAbsent(folder, f -> new HashMap<>());
    if (here.containsKey(subject)) {
      return;
    }
    int bits = random.nextInt(4) == 0 ? 0 : random.nextInt(32);
    here.put(subject, rights(new Rights(bits)));
    Subject.Kind kind =
        switch (subject.charAt(0)) {
          case 'u' -> Subject.Kind.USER;
          case 'g' -> Subject.Kind.GROUP;
          default -> Subject.Kind.EVERYONE;
        };
    UUID subjectId = kind == Subject.Kind.EVERYONE ? Ids.ZERO : id(subject);
    tx.update(Rows.ENTRY, id(folder), kind.column(), subjectId, tree.workspaceId, bits);
  }

  private void change(Tx tx, Tree tree, String folder) {
    if (isRoot(tree, folder) || inTrash(tree, folder)) {
      return;
    }
    if (random.nextBoolean()) {
      trash(tx, tree, folder);
    } else {
      move(tx, tree, folder, oneOf(tree.folders));
    }
  }

  void trash(Tx tx, Tree tree, String folder) {
    nodes.trash(tx, nodes.find(tx, id(folder)).orElseThrow(), tree.trashId, AT, Ids.ZERO);
    tree.trashed.add(folder);
  }

  private void move(Tx tx, Tree tree, String folder, String to) {
    if (mayMove(tree, folder, to)) {
      nodes.move(tx, id(folder), id(to), id(folder).toString());
      reference.parent.put(folder, to);
    }
  }

  boolean mayMove(Tree tree, String folder, String to) {
    return !isRoot(tree, folder)
        && !inTrash(tree, folder)
        && !inTrash(tree, to)
        && !isBelow(to, folder);
  }

  boolean isRoot(Tree tree, String folder) {
    return folder.equals(tree.folders.getFirst());
  }

  /** In the trash, or below something that is; by way of where it was, if need be. */
  boolean inTrash(Tree tree, String folder) {
    for (String at = folder; at != null; at = reference.parent.get(at)) {
      if (tree.trashed.contains(at)) {
        return true;
      }
    }
    return false;
  }

  boolean isBelow(String folder, String ancestor) {
    for (String at = folder; at != null; at = reference.parent.get(at)) {
      if (at.equals(ancestor)) {
        return true;
      }
    }
    return false;
  }

  static Set<Right> rights(Rights rights) {
    Set<Right> all = EnumSet.noneOf(Right.class);
    Arrays.stream(Right.values()).filter(rights::has).forEach(all::add);
    return all;
  }
}
