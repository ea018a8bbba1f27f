package dev.skep.port.sql.embedded;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.disk.Disk;
import dev.skep.common.disk.Disk.ReadableFile;
import dev.skep.common.disk.Disk.WritableFile;
import dev.skep.common.disk.DiskFull;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.jboss.logging.Logger;

/**
 * Room for deleting on a disk that is full, by whosever doing (P2): SQLite writes to delete, too. A
 * file that nobody reads is given up for the first change that needs it; until there is room to
 * make it again, only such changes are made, so that nothing else eats what was kept for them.
 *
 * <p>One thread at a time: who opens the store, then its writer.
 */
final class Reserve {

  /**
   * A delete adds some ten pages to the log, which is carried over into the database every 1,000 (4
   * MiB) and then begun anew; the other half is for what the database itself grows by.
   */
  static final long BYTES = 8 << 20;

  /**
   * To make a reserve that leaves nothing beside it would be to use the last room for it: two of
   * them must be free.
   */
  private static final int FREE_RESERVES = 2;

  /**
   * The log's index of 32 KiB, its first frames, the file {@code admin}: all that a start needs.
   */
  private static final long TO_OPEN = 1 << 20;

  private static final int CHUNK = 64 << 10;

  private static final Logger LOG = Logger.getLogger(Reserve.class);

  private final Disk disk;
  private final Path file;
  private final long bytes;
  private boolean there;

  Reserve(Disk disk, Path file, long bytes) {
    this.disk = disk;
    this.file = file;
    this.bytes = bytes;
  }

  /** Gives it up where the store could not even be opened without. */
  void makeRoomToOpen() {
    there = isWhole();
    if (!there) {
      deleteRest();
    } else if (free() < TO_OPEN) {
      giveUp();
    }
  }

  /** Whether it is kept; it is made now where it is missing and there is room. */
  boolean isThere() {
    if (!there && free() >= needed()) {
      there = make();
    }
    return there;
  }

  /** Frees its room; false when there is none to free. */
  boolean giveUp() {
    if (!there) {
      return false;
    }
    there = false;
    try {
      disk.delete(file);
      // Some file systems give the room back only when they have noted the deletion.
      disk.forceFolder(folder());
    } catch (IOException e) {
      LOG.warnf(e, "the reserve %s could not be given up", file);
      return false;
    }
    LOG.warnf(
        "the disk of %s is full: the reserve of %d MiB is used for deleting, all else is refused"
            + " until %d MiB are free",
        folder(), bytes >> 20, needed() >> 20);
    return true;
  }

  /** Why a change that may not use the room that is left is refused. */
  SkepException tooLittleRoom() {
    return new SkepException(
        ErrorCode.NO_SPACE,
        "the disk of the database has too little room for anything but deleting; nothing was changed."
            + " Delete content or enlarge the disk until "
            + needed()
            + " bytes are free");
  }

  private long needed() {
    return FREE_RESERVES * bytes;
  }

  private boolean make() {
    try {
      disk.delete(file);
      write();
      return true;
    } catch (IOException e) {
      if (!(e instanceof DiskFull)) {
        LOG.warnf(e, "the reserve %s could not be made", file);
      }
      deleteRest();
      return false;
    }
  }

  /**
   * Not forced: a file system takes the room away when it accepts the bytes, and what a power cut
   * leaves of it is made anew.
   */
  private void write() throws IOException {
    // Random, since some file systems store no zeros and compress what repeats.
    SplittableRandom random = new SplittableRandom();
    byte[] chunk = new byte[CHUNK];
    try (WritableFile out = disk.create(file)) {
      for (long left = bytes; left > 0; left -= CHUNK) {
        random.nextBytes(chunk);
        out.write(ByteBuffer.wrap(chunk, 0, (int) Math.min(left, CHUNK)));
      }
    }
  }

  private void deleteRest() {
    try {
      disk.delete(file);
    } catch (IOException e) {
      // It is tried again before the next one is made.
    }
  }

  private boolean isWhole() {
    if (!disk.exists(file)) {
      return false;
    }
    try (ReadableFile found = disk.open(file)) {
      return found.size() == bytes;
    } catch (IOException e) {
      return false;
    }
  }

  private long free() {
    try {
      return disk.freeSpace(folder());
    } catch (IOException e) {
      return 0;
    }
  }

  private Path folder() {
    Path folder = file.getParent();
    return folder == null ? Path.of("") : folder;
  }
}
