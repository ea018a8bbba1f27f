package dev.skep.port.objects.embedded;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;

/** Keeps uploads from using the last bytes of the disk, which deleting and SQLite need (P2). */
record FreeSpace(Disk disk, Path folder, long minimum) {

  void require(long bytes) throws IOException {
    if (disk.freeSpace(folder) - bytes < minimum) {
      throw new SkepException(
          ErrorCode.NO_SPACE,
          "The disk of the object store is full up to its limit of "
              + minimum
              + " free bytes. Delete content or enlarge the disk");
    }
  }
}
