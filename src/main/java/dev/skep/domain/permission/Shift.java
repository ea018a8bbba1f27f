package dev.skep.domain.permission;

import dev.skep.domain.Caller;
import dev.skep.domain.Rights;
import dev.skep.port.sql.Tx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * What other nearest entries at a node do to the rights of everyone, there and on all below it:
 * decided before anything is changed. A group, and everyone, has what its nearest entry gives,
 * whoever is in it today; a user has what the rule gives him with his groups, even while he is
 * disabled.
 */
final class Shift {

  /** The rights that somebody gains or loses on a node, and those that the caller holds there. */
  private record Touched(Rights rights, Rights held) {}

  /** A node below, with the nearest entries there before and after. */
  private record Step(UUID nodeId, Map<Subject, Rights> before, Map<Subject, Rights> after) {}

  private final Located at;
  private final Rights scope;
  private final Below below;
  private final Set<Subject> changed;
  private final Person caller;
  private final List<Person> people;
  private final List<Touched> touched = new ArrayList<>();

  /**
   * Compares the nearest entry of each subject at a node before a change and after it.
   *
   * @param at the node, as the caller has found it
   * @param below the entries below it
   */
  static Shift of(
      Caller caller,
      Tx tx,
      Located at,
      Below below,
      Map<Subject, Rights> before,
      Map<Subject, Rights> after) {
    Shift shift = new Shift(caller, tx, at, below, before, after);
    shift.follow(before, after);
    return shift;
  }

  private Shift(
      Caller caller,
      Tx tx,
      Located at,
      Below below,
      Map<Subject, Rights> before,
      Map<Subject, Rights> after) {
    this.at = at;
    this.below = below;
    this.changed = differing(before, after);
    this.scope = Access.scope(caller, at.chain(), 0);
    this.caller = Person.of(tx, caller.accountId());
    this.people =
        changed.stream()
            .filter(subject -> subject.kind() == Subject.Kind.USER)
            .map(user -> person(tx, user, before, after))
            .toList();
  }

  /** His groups count only where he has no entry of his own, before or after. */
  private static Person person(
      Tx tx, Subject user, Map<Subject, Rights> before, Map<Subject, Rights> after) {
    return before.containsKey(user) && after.containsKey(user)
        ? new Person(Set.of(user))
        : Person.of(tx, user.id());
  }

  private static Set<Subject> differing(Map<Subject, Rights> before, Map<Subject, Rights> after) {
    Set<Subject> all = new HashSet<>(before.keySet());
    all.addAll(after.keySet());
    all.removeIf(subject -> Objects.equals(before.get(subject), after.get(subject)));
    return all;
  }

  private void follow(Map<Subject, Rights> before, Map<Subject, Rights> after) {
    Deque<Step> steps = new ArrayDeque<>();
    steps.add(new Step(at.node().id(), thatCount(before), thatCount(after)));
    while (!steps.isEmpty()) {
      Step step = steps.remove();
      touched.add(touched(step));
      for (UUID next : below.under(step.nodeId)) {
        Map<Subject, Rights> own = below.on(next);
        if (!own.keySet().containsAll(changed)) {
          steps.add(new Step(next, over(step.before, own), over(step.after, own)));
        }
      }
    }
  }

  private Map<Subject, Rights> thatCount(Map<Subject, Rights> nearest) {
    Set<Subject> counting = new HashSet<>(changed);
    counting.addAll(caller.subjects());
    people.forEach(person -> counting.addAll(person.subjects()));
    Map<Subject, Rights> some = new HashMap<>(nearest);
    some.keySet().retainAll(counting);
    return some;
  }

  private static Map<Subject, Rights> over(Map<Subject, Rights> above, Map<Subject, Rights> own) {
    if (own.isEmpty()) {
      return above;
    }
    Map<Subject, Rights> nearest = new HashMap<>(above);
    nearest.putAll(own);
    return nearest;
  }

  private Touched touched(Step step) {
    int bits = 0;
    for (Subject subject : changed) {
      if (subject.kind() != Subject.Kind.USER) {
        bits |= given(step.before, subject).bits() ^ given(step.after, subject).bits();
      }
    }
    for (Person person : people) {
      bits |= person.rights(step.before).bits() ^ person.rights(step.after).bits();
    }
    return new Touched(new Rights(bits), caller.rights(step.before).and(scope));
  }

  private static Rights given(Map<Subject, Rights> nearest, Subject subject) {
    return nearest.getOrDefault(subject, Rights.NONE);
  }

  /** Whether anyone gains or loses a right anywhere. */
  boolean changesAnything() {
    return touched.stream().anyMatch(each -> !each.rights.none());
  }

  /** Whether the caller holds, on each node, every right that somebody gains or loses there. */
  boolean isWithinTheCallersRights() {
    return touched.stream().allMatch(each -> each.held.holds(each.rights));
  }
}
