package dev.skep.port.config.embedded;

import dev.skep.common.UnknownOutcomeException;
import dev.skep.common.disk.Disk;
import dev.skep.common.disk.Disk.ReadableFile;
import dev.skep.common.disk.Disk.WritableFile;
import dev.skep.port.DataFolder;
import dev.skep.port.config.embedded.StateJson.Damaged;
import dev.skep.port.config.embedded.StateJson.Newer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The file of all settings, replaced as a whole with each write. One thread writes at a time. */
final class StateFile {

  private final Disk disk;
  private final DataFolder folder;
  private final Path file;
  private final Path temporary;
  private final StateJson json = new StateJson();
  private volatile boolean sound = true;

  StateFile(Disk disk, DataFolder folder) {
    this.disk = disk;
    this.folder = folder;
    this.file = folder.path().resolve("settings.json");
    this.temporary = folder.path().resolve("settings.json.tmp");
  }

  /**
   * Reads the settings; none where there is no file yet.
   *
   * @throws dev.skep.port.CannotOpen when the file is damaged or of a newer format
   */
  State read() throws IOException {
    // What can be seen must be durable: who wrote it may have been killed before forcing its name.
    disk.forceFolder(folder.path());
    if (!disk.exists(file)) {
      return State.EMPTY;
    }
    try {
      return json.read(content());
    } catch (Damaged e) {
      throw folder.refuse(
          file
              + " is damaged: "
              + e.getMessage()
              + ". Restore it from a backup, or move it away to start with default settings",
          e);
    } catch (Newer e) {
      throw folder.refuse(
          file
              + " is of "
              + e.getMessage()
              + ", written by a newer Skep; this one knows format "
              + StateJson.FORMAT
              + ". Start the newer one",
          e);
    }
  }

  private byte[] content() throws IOException {
    try (ReadableFile in = disk.open(file)) {
      ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(in.size()));
      while (content.hasRemaining()) {
        if (in.read(content, content.position()) < 0) {
          throw new EOFException(file + " became shorter while it was read");
        }
      }
      return content.array();
    }
  }

  /** False once a write failed so that nobody knows what is on the disk; until the next start. */
  boolean sound() {
    return sound;
  }

  /**
   * Replaces the settings durably.
   *
   * @throws IOException when nothing was changed
   * @throws UnknownOutcomeException when it is not known whether the change is durable; then this
   *     file must not be written again (P2)
   */
  void write(State state) throws IOException {
    disk.delete(temporary);
    try {
      try (WritableFile out = disk.create(temporary)) {
        out.write(ByteBuffer.wrap(json.write(state)));
        out.force();
      }
      disk.move(temporary, file);
    } catch (IOException e) {
      discard(e);
      throw e;
    }
    try {
      disk.forceFolder(folder.path());
    } catch (IOException e) {
      sound = false;
      throw new UnknownOutcomeException(
          "The settings could not be forced to disk. Check the disk, then restart Skep", e);
    }
  }

  private void discard(IOException failure) {
    try {
      disk.delete(temporary);
    } catch (IOException e) {
      // It is deleted before the next write.
      failure.addSuppressed(e);
    }
  }
}
