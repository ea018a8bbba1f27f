package dev.skep.port.config.embedded;

import dev.skep.common.UnknownOutcomeException;
import dev.skep.common.disk.Disk;
import dev.skep.common.disk.DurableFile;
import dev.skep.port.DataFolder;
import dev.skep.port.config.embedded.StateJson.Damaged;
import dev.skep.port.config.embedded.StateJson.Newer;
import java.io.IOException;
import java.util.Optional;

/** The file of all settings, replaced as a whole with each write. One thread writes at a time. */
final class StateFile {

  private final Disk disk;
  private final DataFolder folder;
  private final DurableFile file;
  private final StateJson json = new StateJson();
  private volatile boolean sound = true;

  StateFile(Disk disk, DataFolder folder) {
    this.disk = disk;
    this.folder = folder;
    this.file = new DurableFile(disk, folder.path(), "settings.json");
  }

  /**
   * Reads the settings; none where there is no file yet.
   *
   * @throws dev.skep.port.CannotOpen when the file is damaged or of a newer format
   */
  State read() throws IOException {
    // What can be seen must be durable: who wrote it may have been killed before forcing its name.
    disk.forceFolder(folder.path());
    Optional<byte[]> content = file.read();
    if (content.isEmpty()) {
      return State.EMPTY;
    }
    try {
      return json.read(content.get());
    } catch (Damaged e) {
      throw folder.refuse(
          file.path()
              + " is damaged: "
              + e.getMessage()
              + ". Restore it from a backup, or move it away to start with default settings",
          e);
    } catch (Newer e) {
      throw folder.refuse(
          file.path()
              + " is of "
              + e.getMessage()
              + ", written by a newer Skep; this one knows format "
              + StateJson.FORMAT
              + ". Start the newer one",
          e);
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
    file.put(json.write(state));
    try {
      disk.forceFolder(folder.path());
    } catch (IOException e) {
      sound = false;
      throw new UnknownOutcomeException(
          "The settings could not be forced to disk. Check the disk, then restart Skep", e);
    }
  }
}
