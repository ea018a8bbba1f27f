package dev.skep.port.objects.embedded;

import dev.skep.common.disk.Disk;
import dev.skep.common.disk.DurableFile;
import dev.skep.port.DataFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file that tells the version of the folder's layout, so that an older Skep refuses it. */
final class FormatFile {

  private static final int VERSION = 1;
  private static final Pattern CONTENT = Pattern.compile("skep-objects (\\d{1,9})\\R?");

  private final Disk disk;
  private final DataFolder folder;
  private final DurableFile file;

  FormatFile(Disk disk, DataFolder folder) {
    this.disk = disk;
    this.folder = folder;
    this.file = new DurableFile(disk, folder.path(), "format");
  }

  /**
   * Reads the file, having written it first in an empty folder.
   *
   * @throws dev.skep.port.CannotOpen when the layout is of a newer version or unknown
   */
  void check(boolean empty) throws IOException {
    if (!disk.exists(file.path()) && empty) {
      file.put(("skep-objects " + VERSION + "\n").getBytes(StandardCharsets.UTF_8));
    }
    // Also a file found here: who wrote it may have been killed before forcing its name.
    disk.forceFolder(folder.path());
    Matcher content = CONTENT.matcher(text());
    if (!content.matches()) {
      throw folder.refuse(
          file.path()
              + " is missing or damaged, so the folder's format is unknown. Restore a backup");
    }
    int version = Integer.parseInt(content.group(1));
    if (version > VERSION) {
      throw folder.refuse(
          file.path()
              + " is of format "
              + version
              + ", written by a newer Skep; this one knows "
              + VERSION
              + ". Start the newer one");
    }
  }

  private String text() throws IOException {
    return file.read().map(content -> new String(content, StandardCharsets.UTF_8)).orElse("");
  }
}
