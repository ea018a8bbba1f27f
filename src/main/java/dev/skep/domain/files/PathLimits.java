package dev.skep.domain.files;

import dev.skep.common.ErrorCode;
import dev.skep.common.Names;
import dev.skep.common.SkepException;
import dev.skep.domain.tree.Nodes.Ancestor;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How deep and how long a path may be that is created, moved or renamed (P5). */
final class PathLimits {

  private PathLimits() {}

  /**
   * Refuses names below a folder that would be too deep or make too long a path.
   *
   * @param folder the folder itself and all above it, as {@code Located.chain} gives them
   */
  static void check(List<Ancestor> folder, List<String> names) {
    int depth = folder.size() - 1 + names.size();
    if (depth > Names.MAX_DEPTH) {
      throw new SkepException(
          ErrorCode.TOO_DEEP,
          "This would lie " + depth + " levels deep; at most " + Names.MAX_DEPTH + " are allowed");
    }
    long bytes =
        folder.stream().limit(folder.size() - 1L).mapToLong(step -> bytes(step.name())).sum()
            + names.stream().mapToLong(PathLimits::bytes).sum();
    if (bytes > Names.MAX_PATH_BYTES) {
      throw tooLong(bytes);
    }
  }

  /** The bytes of a name in a path, with its slash. */
  static long bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length + 1L;
  }

  static SkepException tooLong(long bytes) {
    return new SkepException(
        ErrorCode.BAD_PATH,
        "The path would have "
            + bytes
            + " bytes; at most "
            + Names.MAX_PATH_BYTES
            + " are allowed");
  }
}
