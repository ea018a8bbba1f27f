package dev.skep.port.objects.embedded;

import dev.skep.common.disk.Disk.ReadableFile;
import dev.skep.port.objects.ObjectStore.Download;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A range of a file being read. */
final class FileDownload implements Download {

  private final ReadableFile file;
  private final long size;
  private final long end;
  private long position;

  /**
   * @param length −1 for all that follows
   */
  FileDownload(ReadableFile file, long offset, long length) throws IOException {
    this.file = file;
    this.size = file.size();
    this.position = Math.min(offset, size);
    this.end = length < 0 ? size : position + Math.min(length, size - position);
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int read(ByteBuffer into) {
    if (position >= end) {
      return -1;
    }
    int limit = into.limit();
    into.limit(into.position() + (int) Math.min(into.remaining(), end - position));
    try {
      int count = file.read(into, position);
      if (count > 0) {
        position += count;
      }
      return count;
    } catch (IOException e) {
      throw DiskFailure.of(e);
    } finally {
      into.limit(limit);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw DiskFailure.of(e);
    }
  }
}
