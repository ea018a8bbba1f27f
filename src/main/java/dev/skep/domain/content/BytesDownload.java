package dev.skep.domain.content;

import dev.skep.port.objects.ObjectStore;
import java.nio.ByteBuffer;

/** A range of bytes that are at hand. */
final class BytesDownload implements ObjectStore.Download {

  private final long size;
  private final ByteBuffer range;

  BytesDownload(byte[] bytes, long from, long count) {
    int start = (int) Math.min(from, bytes.length);
    this.size = bytes.length;
    this.range = ByteBuffer.wrap(bytes, start, (int) Math.min(count, bytes.length - start));
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int read(ByteBuffer into) {
    if (!range.hasRemaining()) {
      return -1;
    }
    int count = Math.min(into.remaining(), range.remaining());
    into.put(into.position(), range, range.position(), count);
    into.position(into.position() + count);
    range.position(range.position() + count);
    return count;
  }

  @Override
  public void close() {}
}
