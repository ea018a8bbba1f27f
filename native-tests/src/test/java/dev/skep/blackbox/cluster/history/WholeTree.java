package dev.skep.blackbox.cluster.history;

import dev.skep.blackbox.cluster.history.Found.Node;
import dev.skep.blackbox.cluster.history.Found.Workspace;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * From every node a way leads up to the root of its workspace or to its trash, through folders of
 * the same workspace; no name is twice in a folder; and a walk downwards meets each node once.
 */
final class WholeTree implements Checker.Rule {

  @Override
  public void check(History history, Found found, Consumer<String> violated) {
    Map<String, Node> nodes = new HashMap<>();
    found.nodes.forEach(node -> nodes.put(node.id(), node));
    Map<String, Workspace> workspaces = new HashMap<>();
    found.workspaces.forEach(workspace -> workspaces.put(workspace.id(), workspace));
    found.nodes.forEach(node -> climb(node, nodes, workspaces, violated));
    Set<String> names = new HashSet<>();
    found.nodes.stream()
        .filter(node -> !names.add(node.parent() + "/" + node.name()))
        .forEach(node -> violated.accept("its name is taken: " + node));
    walk(found, violated);
  }

  private static void climb(
      Node from,
      Map<String, Node> nodes,
      Map<String, Workspace> workspaces,
      Consumer<String> violated) {
    Workspace workspace = workspaces.get(from.workspace());
    if (workspace == null) {
      violated.accept("an orphan without a workspace: " + from);
      return;
    }
    Set<String> passed = new HashSet<>();
    Node at = from;
    while (!at.id().equals(workspace.root()) && !at.id().equals(workspace.trash())) {
      if (!passed.add(at.id())) {
        violated.accept("a cycle: " + from + " comes again to " + at);
        return;
      }
      Node parent = nodes.get(at.parent());
      if (parent == null) {
        violated.accept("an orphan: the parent of " + at + " is not there; from " + from);
        return;
      }
      if (parent.file()) {
        violated.accept("its parent is a file: " + at);
        return;
      }
      if (!parent.workspace().equals(from.workspace())) {
        violated.accept("its parent is in another workspace: " + at);
        return;
      }
      at = parent;
    }
  }

  private static void walk(Found found, Consumer<String> violated) {
    Set<String> met = new HashSet<>();
    found.walked.stream()
        .filter(id -> !met.add(id))
        .forEach(id -> violated.accept("a walk meets it twice: " + id));
    Set<String> missed = new TreeSet<>(found.live);
    missed.removeAll(met);
    missed.forEach(id -> violated.accept("a walk does not meet " + id));
    met.removeAll(found.live);
    met.forEach(id -> violated.accept("a walk meets what should not be there: " + id));
  }
}
