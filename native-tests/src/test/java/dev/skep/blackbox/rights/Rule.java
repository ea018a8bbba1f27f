package dev.skep.blackbox.rights;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rule of DESIGN section 5 on permissions, in its own words (P9).
 *
 * @param groups the members of each group, as {@code user:anna} or {@code group:staff}
 */
record Rule(Map<String, List<String>> groups) {

  /** The rights of a user on a place; none at all: it does not exist for him. */
  Set<String> rights(String user, Place place) {
    // A user's own nearest entry, empty or not, alone decides.
    Set<String> own = nearest("user:" + user, place);
    if (own != null) {
      return own;
    }
    // Without one: the union over everyone and his groups, direct and nested.
    Set<String> union = new TreeSet<>();
    Set<String> subjects = new HashSet<>(Set.of("everyone", "user:" + user));
    while (groups.entrySet().stream()
        .anyMatch(
            group ->
                group.getValue().stream().anyMatch(subjects::contains)
                    && subjects.add("group:" + group.getKey()))) {}
    for (String subject : subjects) {
      Set<String> entry = nearest(subject, place);
      union.addAll(entry == null ? Set.of() : entry);
    }
    return union;
  }

  /** The nearest entry from the place up to the root; null: there is none. */
  private static Set<String> nearest(String subject, Place place) {
    for (Place at = place; at != null; at = at.parent()) {
      if (at.entries().containsKey(subject)) {
        return at.entries().get(subject);
      }
    }
    return null;
  }

  /** The names from the topmost folder that he can read. */
  String path(String user, Place place) {
    List<String> names = new ArrayList<>(List.of(place.name()));
    int shown = 1;
    for (Place at = place.parent(); at != null; at = at.parent()) {
      names.addFirst(at.name());
      if (rights(user, at).contains("read")) {
        shown = names.size();
      }
    }
    return String.join("/", names.subList(names.size() - shown, names.size()));
  }
}
