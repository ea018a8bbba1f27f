package dev.skep.blackbox.cluster.history;

import dev.skep.blackbox.cluster.history.Found.Told;
import dev.skep.blackbox.cluster.history.Found.Workspace;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The outbox of each workspace numbers its rows from 1 to the workspace's seq without a gap (P10),
 * and whoever applies them in their order knows every node as it is.
 */
final class GaplessOutbox implements Checker.Rule {

  @Override
  public void check(History history, Found found, Consumer<String> violated) {
    for (Workspace workspace : found.workspaces) {
      SortedSet<Long> rows =
          found.outbox.getOrDefault(workspace.id(), Collections.emptySortedSet());
      SortedSet<Long> missing = new TreeSet<>();
      for (long seq = 1; seq <= workspace.seq(); seq++) {
        if (!rows.contains(seq)) {
          missing.add(seq);
        }
      }
      if (!missing.isEmpty()) {
        violated.accept("gaps " + missing + " in the outbox of " + workspace);
      }
      if (!rows.isEmpty() && rows.last() > workspace.seq()) {
        violated.accept("the outbox is at %d, ahead of %s".formatted(rows.last(), workspace));
      }
    }
    Map<String, Told> left = new HashMap<>(found.told);
    for (Found.Node node : found.nodes) {
      Told told = left.remove(node.id());
      if (told != null && !told.state().equals(node.state())) {
        violated.accept("the outbox says last %s of %s".formatted(told, node));
      }
      if (told == null && !isTop(node, found)) {
        violated.accept("the outbox says nothing of " + node);
      }
    }
    left.values().stream()
        .filter(told -> !told.state().isEmpty())
        .forEach(told -> violated.accept("the outbox says that there is " + told));
  }

  /** The roots come with their workspace, without an event of their own. */
  private static boolean isTop(Found.Node node, Found found) {
    return found.workspaces.stream()
        .anyMatch(of -> node.id().equals(of.root()) || node.id().equals(of.trash()));
  }
}
