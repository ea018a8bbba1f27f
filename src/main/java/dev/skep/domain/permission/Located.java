package dev.skep.domain.permission;

import dev.skep.domain.Rights;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * A node that the caller may know of.
 *
 * @param workspace the one it lies in, as the same transaction saw it
 * @param rights the caller's, never empty
 * @param path the names from the topmost folder that he can read; it begins with a slash and the
 *     workspace's slug where he can read the root
 * @param chain the node and all above it up to the root
 * @param inTrash whether it lies in the trash, or below something that does
 */
public record Located(
    Node node,
    Workspace workspace,
    Rights rights,
    String path,
    List<Nodes.Ancestor> chain,
    boolean inTrash) {

  /** The folders above, from the nearest up to the root. */
  List<Nodes.Ancestor> above() {
    return chain.subList(1, chain.size());
  }

  public boolean isRoot() {
    return chain.size() == 1;
  }

  /** The same place, after the node's own properties or content have changed. */
  public Located with(Node changed) {
    return new Located(changed, workspace, rights, path, chain, inTrash);
  }

  /**
   * The place of a node that has just been made in this folder, which the caller reads: it inherits
   * all.
   */
  Located with(Nodes.Ancestor step, Node made) {
    List<Nodes.Ancestor> longer = new ArrayList<>(chain.size() + 1);
    longer.add(step);
    longer.addAll(chain);
    return new Located(made, workspace, rights, path + "/" + made.name(), longer, inTrash);
  }
}
