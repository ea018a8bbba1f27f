package dev.skep.domain.permission;

import dev.skep.domain.Right;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rule, once more, straight from the text of DESIGN section 5 and with nothing of the code it
 * is compared with (P9). Nodes, people and groups are names; {@code parent} is where a node
 * inherits from: in the trash, where it was.
 */
final class ReferenceRights {

  final Map<String, String> parent = new HashMap<>();
  final Map<String, Map<String, Set<Right>>> entries = new HashMap<>();
  final Map<String, Set<String>> groupsOf = new HashMap<>();
  final Set<String> disabled = new HashSet<>();

  Set<Right> of(String user, String node) {
    return disabled.contains(user) ? Set.of() : whenEnabled(user, node);
  }

  Set<Right> whenEnabled(String user, String node) {
    // A user's own nearest entry, empty or not, alone decides.
    Optional<Set<Right>> own = nearest(user, node);
    if (own.isPresent()) {
      return own.get();
    }
    // Without one his rights are the union over his groups (direct and nested) and everyone.
    Set<Right> union = EnumSet.noneOf(Right.class);
    Set<String> groups = new HashSet<>(Set.of("everyone"));
    collectGroups(user, groups);
    groups.forEach(group -> union.addAll(nearest(group, node).orElse(Set.of())));
    return union;
  }

  /** For each subject its nearest entry from the node up to the root counts. */
  Optional<Set<Right>> nearest(String subject, String node) {
    Set<Right> here = entries.getOrDefault(node, Map.of()).get(subject);
    if (here != null) {
      return Optional.of(here);
    }
    String above = parent.get(node);
    return above == null ? Optional.empty() : nearest(subject, above);
  }

  private void collectGroups(String member, Set<String> found) {
    for (String group : groupsOf.getOrDefault(member, Set.of())) {
      if (found.add(group)) {
        collectGroups(group, found);
      }
    }
  }
}
