package dev.skep.domain.permission;

import dev.skep.common.ErrorCode;
import dev.skep.domain.Right;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What each operation needs and does, once more, straight from the text of DESIGN section 5 and
 * with nothing of the code it is compared with. People, groups and nodes are names; an operation
 * returns the code of its refusal, or nothing when it was done.
 */
final class ReferenceDrive {

  private static final Optional<ErrorCode> DONE = Optional.empty();

  final ReferenceRights rights;
  final String root;
  final Set<String> nodes = new LinkedHashSet<>();
  final Set<String> trashed;
  final List<String> users;
  final Set<String> administrators;

  /** People, the groups and everyone: whoever can be given something. */
  private final List<String> anyone = new ArrayList<>();

  ReferenceDrive(
      ReferenceRights rights,
      List<String> nodes,
      Set<String> trashed,
      List<String> users,
      List<String> groups,
      Set<String> administrators) {
    this.rights = rights;
    this.root = nodes.getFirst();
    this.nodes.addAll(nodes);
    this.trashed = trashed;
    this.users = users;
    this.administrators = administrators;
    anyone.addAll(users);
    anyone.addAll(groups);
    anyone.add("everyone");
  }

  /** A person's rights; a group's, which whoever joins it gets: what its nearest entry gives. */
  Set<Right> held(String who, String node) {
    return users.contains(who)
        ? rights.whenEnabled(who, node)
        : rights.nearest(who, node).orElse(Set.of());
  }

  boolean inTrash(String node) {
    for (String at = node; at != null; at = rights.parent.get(at)) {
      if (trashed.contains(at)) {
        return true;
      }
    }
    return false;
  }

  boolean isBelow(String node, String ancestor) {
    return !node.equals(ancestor) && isAtOrBelow(node, ancestor);
  }

  private boolean isAtOrBelow(String node, String ancestor) {
    for (String at = node; at != null; at = rights.parent.get(at)) {
      if (at.equals(ancestor)) {
        return true;
      }
    }
    return false;
  }

  /** A node exists for whoever holds any right on it. */
  private Optional<ErrorCode> needs(String who, String node, Right... needed) {
    if (inTrash(node)) {
      return Optional.of(ErrorCode.NOT_FOUND);
    }
    return needsAnywhere(who, node, needed);
  }

  private Optional<ErrorCode> needsAnywhere(String who, String node, Right... needed) {
    Set<Right> held = rights.of(who, node);
    if (held.isEmpty()) {
      return Optional.of(ErrorCode.NOT_FOUND);
    }
    return held.containsAll(Set.of(needed)) ? DONE : Optional.of(ErrorCode.FORBIDDEN);
  }

  Optional<ErrorCode> list(String who, String folder) {
    return needs(who, folder, Right.READ);
  }

  /** The children on which he holds any right. */
  Set<String> children(String who, String folder) {
    Set<String> children = new TreeSet<>();
    for (String node : nodes) {
      if (folder.equals(rights.parent.get(node))
          && !trashed.contains(node)
          && !rights.of(who, node).isEmpty()) {
        children.add(node);
      }
    }
    return children;
  }

  Optional<ErrorCode> make(String who, String folder, String name) {
    Optional<ErrorCode> refused = needs(who, folder, Right.WRITE);
    if (refused.isEmpty()) {
      nodes.add(name);
      rights.parent.put(name, folder);
    }
    return refused;
  }

  Optional<ErrorCode> put(String who, String node, String subject, Set<Right> wanted) {
    boolean forHimself = administrators.contains(who) && subject.equals(who);
    Optional<ErrorCode> refused = forHimself ? exists(node) : needs(who, node, Right.SHARE);
    if (refused.isPresent()) {
      return refused;
    }
    Map<String, Set<Right>> here = rights.entries.computeIfAbsent(node, none -> new HashMap<>());
    Set<Right> now = here.get(subject);
    if (wanted.equals(now)) {
      return DONE;
    }
    return enter(who, node, subject, now, wanted, forHimself);
  }

  private Optional<ErrorCode> exists(String node) {
    return inTrash(node) ? Optional.of(ErrorCode.NOT_FOUND) : DONE;
  }

  Optional<ErrorCode> remove(String who, String node, String subject) {
    Optional<ErrorCode> refused = needs(who, node, Right.SHARE);
    if (refused.isPresent()) {
      return refused;
    }
    Set<Right> now = rights.entries.getOrDefault(node, Map.of()).get(subject);
    return now == null
        ? Optional.of(ErrorCode.NOT_FOUND)
        : enter(who, node, subject, now, null, false);
  }

  private Optional<ErrorCode> enter(
      String who,
      String node,
      String subject,
      Set<Right> now,
      Set<Right> wanted,
      boolean forHimself) {
    Set<Right> held = rights.of(who, node);
    boolean administered = administered();
    Map<String, Set<Right>> before = snapshot(node);
    Set<Right> mine = Set.copyOf(held);
    Runnable undo = set(node, subject, wanted);
    Optional<ErrorCode> refused = DONE;
    if (!forHimself) {
      // Nobody gives an entry that holds more than he does, nor touches one.
      boolean more = wanted != null && !mine.containsAll(wanted);
      boolean touchesMore = now != null && !mine.containsAll(now);
      // Entries of users and empty entries hide what lies below.
      boolean hides =
          users.contains(subject)
              || (wanted != null && wanted.isEmpty())
              || (now != null && now.isEmpty());
      boolean needsAdmin = hides && entriesBelow(node) && !mine.contains(Right.ADMIN);
      if (more || touchesMore || needsAdmin || beyond(who, node, before)) {
        refused = Optional.of(ErrorCode.FORBIDDEN);
      }
    }
    if (refused.isEmpty() && node.equals(root) && administered && !administered()) {
      refused = Optional.of(ErrorCode.LAST_ADMIN);
    }
    if (refused.isPresent()) {
      undo.run();
    }
    return refused;
  }

  private Runnable set(String node, String subject, Set<Right> wanted) {
    Map<String, Set<Right>> here = rights.entries.get(node);
    Set<Right> now = here.get(subject);
    if (wanted == null) {
      here.remove(subject);
    } else {
      here.put(subject, wanted);
    }
    return () -> {
      if (now == null) {
        here.remove(subject);
      } else {
        here.put(subject, now);
      }
    };
  }

  private boolean entriesBelow(String node) {
    return nodes.stream()
        .filter(each -> isBelow(each, node))
        .anyMatch(each -> !rights.entries.getOrDefault(each, Map.of()).isEmpty());
  }

  Optional<ErrorCode> move(String who, String node, String to) {
    Optional<ErrorCode> refused = needs(who, node).or(() -> needs(who, to));
    if (refused.isPresent()) {
      return refused;
    }
    if (to.equals(rights.parent.get(node))) {
      return DONE;
    }
    if (node.equals(root)) {
      return Optional.of(ErrorCode.FORBIDDEN);
    }
    refused = needs(who, node, Right.DELETE).or(() -> needs(who, to, Right.WRITE));
    if (refused.isPresent()) {
      return refused;
    }
    if (isAtOrBelow(to, node)) {
      return Optional.of(ErrorCode.INTO_ITSELF);
    }
    return place(who, node, to);
  }

  private Optional<ErrorCode> place(String who, String node, String to) {
    Map<String, Set<Right>> before = snapshot(node);
    boolean mayShare = rights.of(who, node).containsAll(Set.of(Right.READ, Right.SHARE));
    String from = rights.parent.put(node, to);
    if (!before.equals(snapshot(node, before)) && (!mayShare || beyond(who, node, before))) {
      rights.parent.put(node, from);
      return Optional.of(ErrorCode.FORBIDDEN);
    }
    return DONE;
  }

  Optional<ErrorCode> trash(String who, String node) {
    Optional<ErrorCode> refused = needs(who, node, Right.DELETE);
    if (refused.isPresent() || node.equals(root)) {
      return refused.or(() -> Optional.of(ErrorCode.FORBIDDEN));
    }
    trashed.add(node);
    return DONE;
  }

  /** To where it was, or to another folder. */
  Optional<ErrorCode> restore(String who, String node, String elsewhere) {
    if (!trashed.contains(node)) {
      return Optional.of(ErrorCode.NOT_FOUND);
    }
    Optional<ErrorCode> refused = needsAnywhere(who, node, Right.DELETE);
    if (refused.isPresent()) {
      return refused;
    }
    String from = rights.parent.get(node);
    String to = elsewhere == null ? from : elsewhere;
    refused = needs(who, to, Right.WRITE);
    if (refused.isPresent()) {
      boolean gone = refused.get() == ErrorCode.NOT_FOUND && to.equals(from);
      return gone ? Optional.of(ErrorCode.PARENT_GONE) : refused;
    }
    refused = place(who, node, to);
    if (refused.isEmpty()) {
      trashed.remove(node);
    }
    return refused;
  }

  Optional<ErrorCode> join(String who, String group, String member) {
    if (!administers(who)) {
      return Optional.of(ErrorCode.FORBIDDEN);
    }
    if (member.equals(group) || holds(member, group)) {
      return Optional.of(ErrorCode.GROUP_CYCLE);
    }
    rights.groupsOf.computeIfAbsent(member, none -> new HashSet<>()).add(group);
    return DONE;
  }

  Optional<ErrorCode> leave(String who, String group, String member) {
    if (!administers(who)) {
      return Optional.of(ErrorCode.FORBIDDEN);
    }
    boolean administered = administered();
    if (!rights.groupsOf.getOrDefault(member, Set.of()).contains(group)) {
      return Optional.of(ErrorCode.NOT_FOUND);
    }
    rights.groupsOf.get(member).remove(group);
    if (administered && !administered()) {
      rights.groupsOf.get(member).add(group);
      return Optional.of(ErrorCode.LAST_ADMIN);
    }
    return DONE;
  }

  private boolean administers(String who) {
    return administrators.contains(who) && !rights.disabled.contains(who);
  }

  /** Whether the outer group holds the inner one, directly or through others. */
  private boolean holds(String outer, String inner) {
    return rights.groupsOf.getOrDefault(inner, Set.of()).stream()
        .anyMatch(group -> group.equals(outer) || holds(outer, group));
  }

  /** Whether anyone can administer the workspace. */
  private boolean administered() {
    return users.stream().anyMatch(user -> rights.of(user, root).contains(Right.ADMIN));
  }

  /** Everyone's rights on each node at or below another. */
  private Map<String, Set<Right>> snapshot(String top) {
    Map<String, Set<Right>> snapshot = new HashMap<>();
    for (String node : nodes) {
      if (isAtOrBelow(node, top)) {
        for (String who : anyone) {
          snapshot.put(key(who, node), enumSet(held(who, node)));
        }
      }
    }
    return snapshot;
  }

  private Map<String, Set<Right>> snapshot(String top, Map<String, Set<Right>> like) {
    Map<String, Set<Right>> snapshot = snapshot(top);
    if (!snapshot.keySet().equals(like.keySet())) {
      throw new AssertionError("what lies below a node does not change with its place");
    }
    return snapshot;
  }

  /** Whether anyone has got or lost a right that the one who did it did not hold there. */
  private boolean beyond(String doer, String top, Map<String, Set<Right>> before) {
    for (String node : nodes) {
      if (isAtOrBelow(node, top)) {
        for (String who : anyone) {
          Set<Right> changed = difference(before.get(key(who, node)), held(who, node));
          if (!before.get(key(doer, node)).containsAll(changed)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  static Set<Right> difference(Set<Right> one, Set<Right> other) {
    Set<Right> difference = enumSet(one);
    Set<Right> common = enumSet(one);
    common.retainAll(other);
    difference.addAll(other);
    difference.removeAll(common);
    return difference;
  }

  private static Set<Right> enumSet(Set<Right> rights) {
    Set<Right> copy = EnumSet.noneOf(Right.class);
    copy.addAll(rights);
    return copy;
  }

  private static String key(String who, String node) {
    return who + " on " + node;
  }
}
