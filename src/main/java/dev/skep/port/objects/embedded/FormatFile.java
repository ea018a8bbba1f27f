package dev.skep.port.objects.embedded;

import dev.skep.common.disk.Disk;
import dev.skep.common.disk.Disk.ReadableFile;
import dev.skep.common.disk.Disk.WritableFile;
import dev.skep.port.DataFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file that tells the version of the folder's layout, so that an older Skep refuses it. */
final class FormatFile {

  private static final int VERSION = 1;
  private static final int MAX_BYTES = 64;
  private static final Pattern CONTENT = Pattern.compile("skep-objects (\\d{1,9})\\R?");

  private final Disk disk;
  private final DataFolder folder;
  private final Path file;
  private final Path temporary;

  FormatFile(Disk disk, DataFolder folder) {
    this.disk = disk;
    this.folder = folder;
    this.file = folder.path().resolve("format");
    this.temporary = folder.path().resolve("format.tmp");
  }

  /**
   * Reads the file, having written it first in an empty folder.
   *
   * @throws dev.skep.port.CannotOpen when the layout is of a newer version or unknown
   */
  void check(boolean empty) throws IOException {
    if (!disk.exists(file) && empty) {
      write();
    }
    // Also a file found here: who wrote it may have been killed before forcing its name.
    disk.forceFolder(folder.path());
    Matcher content = CONTENT.matcher(disk.exists(file) ? read() : "");
    if (!content.matches()) {
      throw folder.refuse(
          file + " is missing or damaged, so the folder's format is unknown. Restore a backup");
    }
    int version = Integer.parseInt(content.group(1));
    if (version > VERSION) {
      throw folder.refuse(
          file
              + " is of format "
              + version
              + ", written by a newer Skep; this one knows "
              + VERSION
              + ". Start the newer one");
    }
  }

  private void write() throws IOException {
    disk.delete(temporary);
    byte[] content = ("skep-objects " + VERSION + "\n").getBytes(StandardCharsets.UTF_8);
    try (WritableFile out = disk.create(temporary)) {
      out.write(ByteBuffer.wrap(content));
      out.force();
    }
    disk.move(temporary, file);
  }

  private String read() throws IOException {
    ByteBuffer content = ByteBuffer.allocate(MAX_BYTES);
    try (ReadableFile in = disk.open(file)) {
      while (content.hasRemaining() && in.read(content, content.position()) > 0) {
        // Reads on until the end.
      }
    }
    return StandardCharsets.UTF_8.decode(content.flip()).toString();
  }
}
