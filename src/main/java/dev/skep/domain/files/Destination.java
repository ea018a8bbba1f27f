package dev.skep.domain.files;

import dev.skep.domain.permission.Located;
import dev.skep.domain.tree.Workspace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where something shall be written, as one transaction sees it.
 *
 * @param nearest what is there; or the lowest on the way on which the caller holds a right
 * @param missing the names below it that do not exist for the caller, the last one's own included;
 *     empty when it exists
 * @param taken whether the first of them is the name of something that he may not see
 */
record Destination(Workspace workspace, Located nearest, List<String> missing, boolean taken) {

  boolean exists() {
    return missing.isEmpty();
  }

  /** What a precondition is compared with; absent when there is nothing yet. */
  @Nullable String etag() {
    if (!exists()) {
      return null;
    }
    return nearest.node().isFile()
        ? nearest.node().contentId().toString()
        : Long.toString(nearest.node().revision());
  }
}
