package dev.skep.blackbox.rights;

import java.util.Map;
import java.util.Set;

/**
 * A node of a random tree, as the test made it.
 *
 * @param parent null for the root of a workspace, whose name is a slash and the slug
 */
record Place(
    String id, Place parent, String name, boolean folder, Map<String, Set<String>> entries) {

  @Override
  public String toString() {
    return (parent == null ? "" : parent + "/") + name + entries;
  }
}
