package dev.skep.port.objects.embedded;

import dev.skep.common.disk.Disk.ReadableFile;
import dev.skep.port.objects.ObjectStore.Download;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

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
  public int read(byte[] into, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (position >= end) {
      return -1;
    }
    int wanted = (int) Math.min(length, end - position);
    try {
      int count = file.read(ByteBuffer.wrap(into, offset, wanted), position);
      if (count > 0) {
        position += count;
      }
      return count;
    } catch (IOException e) {
      throw DiskFailure.of(e);
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
