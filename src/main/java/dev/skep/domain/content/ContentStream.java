package dev.skep.domain.content;

import dev.skep.port.objects.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A range of a content, read in constant memory. Every byte was verified before it is handed out;
 * damaged or missing content ends the stream with {@code corrupt}, a store that does not answer
 * with {@code unavailable}, never with wrong bytes or an early end. One thread at a time.
 */
public final class ContentStream extends InputStream {

  private final ObjectStore objects;
  private final List<StoredPart> parts;
  private final byte[] buffer;
  private int nextPart;
  private long skip;
  private long remaining;
  private @Nullable FrameReader reader;
  private int position;
  private int limit;

  /** Reads the first frame at once, so that what is missing or damaged there is told early. */
  ContentStream(ObjectStore objects, List<StoredPart> parts, long offset, long length) {
    this.objects = objects;
    this.parts = parts;
    this.skip = offset;
    this.remaining = length;
    long largest = parts.stream().mapToLong(StoredPart::size).max().orElse(0);
    this.buffer = FrameReader.buffer(largest, length);
    try {
      fill();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Writes all that is left of the range. */
  public void writeTo(OutputStream out) throws IOException {
    transferTo(out);
  }

  @Override
  public long transferTo(OutputStream out) throws IOException {
    long written = 0;
    while (available() > 0) {
      int count = available();
      out.write(buffer, position, count);
      written += count;
      consumed(count);
    }
    return written;
  }

  @Override
  public int read() {
    if (available() == 0) {
      return -1;
    }
    int value = buffer[position] & 0xff;
    consumed(1);
    return value;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (available() == 0) {
      return -1;
    }
    int count = Math.min(length, available());
    System.arraycopy(buffer, position, into, offset, count);
    consumed(count);
    return count;
  }

  /** The verified bytes at hand; 0 only at the end. */
  @Override
  public int available() {
    if (position == limit) {
      fill();
    }
    return limit - position;
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }

  private void consumed(int count) {
    position += count;
  }

  /** Brings the next frame's bytes of the range to hand; none at the end. */
  private void fill() {
    while (position == limit) {
      if (reader != null && reader.advance()) {
        take(reader);
      } else if (!openNext()) {
        return;
      }
    }
  }

  private void take(FrameReader frame) {
    int before = (int) Math.min(skip, frame.length());
    int count = (int) Math.min(frame.length() - before, remaining);
    skip -= before;
    position = frame.offset() + before;
    limit = position + count;
    remaining -= count;
  }

  private boolean openNext() {
    close();
    while (nextPart < parts.size() && skip >= parts.get(nextPart).size() && skip > 0) {
      skip -= parts.get(nextPart++).size();
    }
    // The blob of an empty content is opened too: that it is lost must not go unnoticed.
    if (nextPart == parts.size() || (remaining == 0 && nextPart > 0)) {
      return false;
    }
    StoredPart part = parts.get(nextPart++);
    long count = Math.min(part.size() - skip, remaining);
    reader = new FrameReader(objects, part, skip, count, buffer);
    skip %= Frames.SIZE;
    return true;
  }
}
