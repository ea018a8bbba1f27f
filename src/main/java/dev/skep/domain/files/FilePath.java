package dev.skep.domain.files;

import dev.skep.common.Names;
import java.util.List;

/**
 * A place in a workspace, whether anything is there or not.
 *
 * @param workspace the slug; {@code home} is the caller's own
 * @param names from the workspace's root downwards, normalised; empty for the root itself
 * @param folder whether it was written as a folder, with a slash at its end
 */
public record FilePath(String workspace, List<String> names, boolean folder) implements Target {

  /**
   * Normalises the names.
   *
   * @throws dev.skep.common.SkepException {@code bad-name} for a name that no node can have, {@code
   *     bad-path} for more than 4,096 bytes
   */
  public FilePath {
    names = names.stream().map(Names::normalise).toList();
    long bytes = names.stream().mapToLong(PathLimits::bytes).sum();
    if (bytes > Names.MAX_PATH_BYTES) {
      throw PathLimits.tooLong(bytes);
    }
  }

  @Override
  public String toString() {
    String last = folder ? "/" : "";
    return "/" + workspace + (names.isEmpty() ? "" : "/" + String.join("/", names)) + last;
  }
}
