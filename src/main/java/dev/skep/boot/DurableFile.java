package dev.skep.boot;

import dev.skep.common.disk.Disk;
import dev.skep.common.disk.Disk.ReadableFile;
import dev.skep.common.disk.Disk.WritableFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A small text file of the data folder, readable by its owner only and replaced as a whole (P1).
 */
record DurableFile(Disk disk, Path folder, String name) {

  Path path() {
    return folder.resolve(name);
  }

  Optional<String> read() throws IOException {
    Path path = path();
    if (!disk.exists(path)) {
      return Optional.empty();
    }
    try (ReadableFile file = disk.open(path)) {
      ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(file.size()));
      while (content.hasRemaining()) {
        if (file.read(content, content.position()) < 0) {
          throw new EOFException(path + " became shorter while it was read");
        }
      }
      return Optional.of(new String(content.array(), StandardCharsets.UTF_8));
    }
  }

  /** When this returns, a power cut leaves the new text; before, the old or the new one. */
  void replace(String text) throws IOException {
    Path unfinished = folder.resolve(name + ".new");
    disk.delete(unfinished);
    try (WritableFile file = disk.create(unfinished)) {
      file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      file.force();
    }
    disk.move(unfinished, path());
    disk.forceFolder(folder);
  }
}
