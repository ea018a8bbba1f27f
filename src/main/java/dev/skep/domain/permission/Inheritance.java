package dev.skep.domain.permission;

import dev.skep.domain.Rights;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rule (DESIGN section 5, P9): for each subject its nearest entry from the node up to the root
 * counts; a user's own nearest entry alone decides; without one his rights are the union over his
 * groups and everyone.
 */
final class Inheritance {

  private Inheritance() {}

  /**
   * What one user may do.
   *
   * @param nearestFirst the entries of the user's subjects on the node, then on each folder above
   *     it
   */
  static Rights effective(List<Map<Subject, Rights>> nearestFirst) {
    return decide(nearest(nearestFirst));
  }

  /** The same of the nearest entry of each of his subjects. */
  static Rights decide(Map<Subject, Rights> nearest) {
    return nearest.entrySet().stream()
        .filter(entry -> entry.getKey().kind() == Subject.Kind.USER)
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseGet(() -> nearest.values().stream().reduce(Rights.NONE, Rights::or));
  }

  /** Each subject's nearest entry. */
  static Map<Subject, Rights> nearest(List<Map<Subject, Rights>> nearestFirst) {
    Map<Subject, Rights> nearest = new HashMap<>();
    nearestFirst.forEach(entries -> entries.forEach(nearest::putIfAbsent));
    return nearest;
  }
}
