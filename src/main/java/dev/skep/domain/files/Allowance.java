package dev.skep.domain.files;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.tree.Workspace;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;

/**
 * How much an upload may bring, as it stood before its body was read. The quota decides again when
 * the content is named.
 *
 * @param maximum bytes of one upload
 * @param free bytes that the quota leaves
 */
record Allowance(UUID workspaceId, long maximum, long free) {

  static Allowance of(Workspace workspace, long maximum) {
    long free =
        workspace.quota() == Workspace.NO_QUOTA
            ? Long.MAX_VALUE
            : Math.max(0, workspace.quota() - workspace.used());
    return new Allowance(workspace.id(), maximum, free);
  }

  /** What may be the content that is there already costs nothing, however full the quota is. */
  Allowance withoutQuota() {
    return new Allowance(workspaceId, maximum, Long.MAX_VALUE);
  }

  /**
   * @throws SkepException {@code too-large} or {@code quota-exceeded}
   */
  void require(long bytes) {
    if (bytes > maximum) {
      throw new SkepException(
          ErrorCode.TOO_LARGE, "One upload may have at most " + maximum + " bytes");
    }
    if (bytes > free) {
      throw new SkepException(
          ErrorCode.QUOTA_EXCEEDED,
          "The quota has no room for this upload. Empty the trash, delete old versions, or ask for a larger quota");
    }
  }

  /** A body of unknown length that is refused as soon as it exceeds what is allowed. */
  InputStream limit(InputStream body) {
    return new FilterInputStream(body) {
      private long taken;

      @Override
      public int read() throws IOException {
        int value = super.read();
        if (value >= 0) {
          require(++taken);
        }
        return value;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        int count = super.read(into, offset, length);
        if (count > 0) {
          taken += count;
          require(taken);
        }
        return count;
      }
    };
  }
}
