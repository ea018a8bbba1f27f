package dev.skep.port.objects.embedded;

import dev.skep.common.disk.Disk;
import dev.skep.common.disk.Disk.WritableFile;
import dev.skep.port.objects.ObjectStore.Upload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;

/** A blob being written to a temporary file, which {@link #commit} forces and then names. */
final class FileUpload implements Upload {

  private static final int BUFFER = 64 * 1024;

  /** How many bytes go by between two looks at the free space. */
  private static final long SPACE_CHECK = 4L << 20;

  private static final long LARGE = 8L << 20;

  private final Disk disk;
  private final BlobFolder blobs;
  private final FreeSpace space;
  private final String key;
  private final long announced;
  private final Path temporary;
  private final WritableFile file;
  private final ByteBuffer buffer;
  private long accepted;
  private long unchecked;
  private boolean ended;

  FileUpload(
      Disk disk, BlobFolder blobs, FreeSpace space, Path temporary, String key, long announced)
      throws IOException {
    this.disk = disk;
    this.blobs = blobs;
    this.space = space;
    this.key = key;
    this.announced = announced;
    this.temporary = temporary;
    this.file = announced < LARGE ? disk.create(temporary) : disk.createLarge(temporary);
    this.buffer = ByteBuffer.allocate(announced < 0 ? BUFFER : (int) Math.min(announced, BUFFER));
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    requireOpen();
    try {
      append(bytes, offset, length);
    } catch (IOException e) {
      close();
      throw DiskFailure.of(e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void append(byte[] bytes, int offset, int length) throws IOException {
    accepted += length;
    if (length > buffer.remaining()) {
      flush();
    }
    if (length > buffer.remaining()) {
      writeOut(ByteBuffer.wrap(bytes, offset, length));
    } else {
      buffer.put(bytes, offset, length);
    }
  }

  private void flush() throws IOException {
    writeOut(buffer.flip());
    buffer.clear();
  }

  private void writeOut(ByteBuffer bytes) throws IOException {
    unchecked += bytes.remaining();
    if (unchecked >= SPACE_CHECK) {
      space.require(bytes.remaining());
      unchecked = 0;
    }
    file.write(bytes);
  }

  @Override
  public void commit() {
    requireOpen();
    try {
      requireWhole();
      flush();
      file.force();
      file.close();
      blobs.publish(temporary, key);
      ended = true;
    } catch (IOException e) {
      throw DiskFailure.of(e);
    } finally {
      close();
    }
  }

  private void requireWhole() {
    if (announced >= 0 && accepted != announced) {
      throw new IllegalStateException(
          "The upload was announced with " + announced + " bytes and has " + accepted);
    }
  }

  private void requireOpen() {
    if (ended) {
      throw new IllegalStateException("The upload has ended");
    }
  }

  @Override
  public void close() {
    if (ended) {
      return;
    }
    ended = true;
    try (file) {
      disk.delete(temporary);
    } catch (IOException e) {
      // Nobody can see the file, and the next start removes it.
    }
  }
}
