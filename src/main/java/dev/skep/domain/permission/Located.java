package dev.skep.domain.permission;

import dev.skep.domain.Rights;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import java.util.List;

/**
 * A node that the caller may know of.
 *
 * @param rights the caller's, never empty
 * @param path the names from the topmost folder that he can read; it begins with a slash and the
 *     workspace's slug where he can read the root
 * @param chain the node and all above it up to the root
 * @param inTrash whether it lies in the trash, or below something that does
 */
public record Located(
    Node node, Rights rights, String path, List<Nodes.Ancestor> chain, boolean inTrash) {

  /** The folders above, from the nearest up to the root. */
  List<Nodes.Ancestor> above() {
    return chain.subList(1, chain.size());
  }

  public boolean isRoot() {
    return chain.size() == 1;
  }

  /** The same place, after the node's own properties or content have changed. */
  public Located with(Node changed) {
    return new Located(changed, rights, path, chain, inTrash);
  }
}
