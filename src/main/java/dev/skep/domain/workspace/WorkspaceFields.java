package dev.skep.domain.workspace;

import dev.skep.common.SkepException;
import dev.skep.domain.tree.Workspace;
import java.nio.charset.StandardCharsets;

/** What the fields of a workspace may hold. */
final class WorkspaceFields {

  private static final int MAX_NAME = 255;

  private WorkspaceFields() {}

  static String name(String name) {
    String stripped = name.strip();
    boolean readable =
        StandardCharsets.UTF_8.newEncoder().canEncode(stripped)
            && stripped.codePoints().noneMatch(Character::isISOControl);
    if (stripped.isEmpty()
        || stripped.codePointCount(0, stripped.length()) > MAX_NAME
        || !readable) {
      throw SkepException.field(
          "/name", "must have 1 to " + MAX_NAME + " characters without control characters");
    }
    return stripped;
  }

  static long quota(long quota) {
    if (quota < Workspace.NO_QUOTA) {
      throw SkepException.field("/quota", "must be a number of bytes, or -1 for none");
    }
    return quota;
  }
}
