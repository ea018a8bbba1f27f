package dev.skep.port.objects.embedded;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.disk.DiskFull;
import java.io.IOException;

/** Says what a failure of the disk means to a caller of the port. */
final class DiskFailure {

  private DiskFailure() {}

  static SkepException of(IOException e) {
    return e instanceof DiskFull
        ? new SkepException(
            ErrorCode.NO_SPACE,
            "The disk of the object store is full. Delete content or enlarge the disk",
            e)
        : new SkepException(
            ErrorCode.UNAVAILABLE, "The disk of the object store does not work. Check it", e);
  }
}
