package dev.skep.common.disk;

import dev.skep.common.disk.Disk.ReadableFile;
import dev.skep.common.disk.Disk.WritableFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A small file, readable by its owner only and replaced as a whole (P1). One thread writes at a
 * time.
 */
public record DurableFile(Disk disk, Path folder, String name) {

  public Path path() {
    return folder.resolve(name);
  }

  /** All of it; empty where there is no such file. */
  public Optional<byte[]> read() throws IOException {
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
      return Optional.of(content.array());
    }
  }

  /** When this returns, a power cut leaves the new content; before, the old or the new one. */
  public void replace(byte[] content) throws IOException {
    put(content);
    disk.forceFolder(folder);
  }

  /**
   * The same but for the last step: until the folder is forced, a power cut may bring the old
   * content back.
   *
   * @throws IOException when nothing was changed
   */
  public void put(byte[] content) throws IOException {
    Path unfinished = folder.resolve(name + ".tmp");
    disk.delete(unfinished);
    try {
      try (WritableFile file = disk.create(unfinished)) {
        file.write(ByteBuffer.wrap(content));
        file.force();
      }
      disk.move(unfinished, path());
    } catch (IOException e) {
      discard(unfinished, e);
      throw e;
    }
  }

  private void discard(Path unfinished, IOException failure) {
    try {
      disk.delete(unfinished);
    } catch (IOException e) {
      // It is deleted before the next write.
      failure.addSuppressed(e);
    }
  }
}
