package dev.skep.domain.permission;

import dev.skep.domain.Caller;
import dev.skep.domain.Rights;
import dev.skep.domain.tree.Nodes;
import dev.skep.port.sql.Tx;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Tells whether moving a node, or restoring it to another place, could widen anyone's access to it
 * or to what is below it; then the move also needs {@code share} (P5). Looks at the entries of all
 * subjects, not at people one by one, so it may call a move widening that happens to widen nobody's
 * access today, never the reverse.
 */
@Singleton
public class Widening {

  private final Nodes nodes;

  public Widening(Nodes nodes) {
    this.nodes = nodes;
  }

  /**
   * Compares what the node inherits where it is (a node in the trash: from where it was) with what
   * it would inherit in the new folder. Asks for no rights: the caller is someone who was let
   * through to both before.
   */
  public boolean widens(Caller caller, Tx tx, UUID nodeId, UUID newParentId) {
    List<Nodes.Ancestor> before = nodes.ancestors(tx, nodeId);
    List<Nodes.Ancestor> after = nodes.ancestors(tx, newParentId);
    Set<Subject> own =
        Entries.on(tx, nodeId).stream().map(Entries.Entry::subject).collect(Collectors.toSet());
    return widens(
        nearest(tx, before.subList(Math.min(1, before.size()), before.size()), own),
        nearest(tx, after, own));
  }

  /** Each subject's nearest entry along the chain, but for those with one of their own below it. */
  private static Map<Subject, Rights> nearest(
      Tx tx, List<Nodes.Ancestor> chain, Set<Subject> hidden) {
    Map<Subject, Rights> nearest = new HashMap<>();
    for (Entries.Entry entry : Entries.along(tx, chain)) {
      if (!hidden.contains(entry.subject())) {
        nearest.putIfAbsent(entry.subject(), entry.rights());
      }
    }
    return nearest;
  }

  static boolean widens(Map<Subject, Rights> before, Map<Subject, Rights> after) {
    boolean all =
        after.entrySet().stream()
            .allMatch(
                entry -> before.getOrDefault(entry.getKey(), Rights.NONE).holds(entry.getValue()));
    // Without his own entry a user would fall back on what his groups have.
    boolean kept =
        before.keySet().stream()
            .filter(subject -> subject.kind() == Subject.Kind.USER)
            .allMatch(after::containsKey);
    return !(all && kept);
  }
}
