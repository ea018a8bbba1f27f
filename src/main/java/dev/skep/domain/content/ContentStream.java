package dev.skep.domain.content;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A range of a content, read in constant memory. Every byte was verified before it is handed out;
 * damaged or missing content ends the stream with {@code corrupt}, a store that does not answer
 * with {@code unavailable}, never with wrong bytes or an early end. One thread at a time.
 */
public final class ContentStream extends InputStream implements ReadableByteChannel {

  private final StoredContent.Source source;
  private final List<StoredPart> parts;
  private final byte[] buffer;
  private int nextPart;
  private long skip;
  private long remaining;
  private boolean closed;
  private @Nullable FrameReader reader;
  private int position;
  private int limit;

  /** Reads the first frame at once, so that what is missing or damaged there is told early. */
  ContentStream(StoredContent.Source source, List<StoredPart> parts, long offset, long length) {
    this.source = source;
    this.parts = parts;
    this.skip = offset;
    this.remaining = length;
    long largest = parts.stream().mapToLong(StoredPart::size).max().orElse(0);
    this.buffer = new byte[(int) Math.min(largest, Frames.SIZE) + Frames.CHECKSUM];
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
      position += count;
    }
    return written;
  }

  @Override
  public int read() {
    if (available() == 0) {
      return -1;
    }
    return buffer[position++] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (available() == 0) {
      return -1;
    }
    return copy(ByteBuffer.wrap(into, offset, length));
  }

  /**
   * Reads frames straight into the buffer while it has room for one and its checksum. Only the
   * first frame of the range, and what finds less room, is copied from this stream's own buffer.
   */
  @Override
  public int read(ByteBuffer into) {
    int count = copy(into);
    while (position == limit && into.remaining() >= Frames.STORED) {
      FrameReader frames = frames();
      if (frames == null) {
        break;
      }
      count += readFrame(frames, into);
    }
    if (count > 0 || !into.hasRemaining()) {
      return count;
    }
    return available() > 0 ? copy(into) : -1;
  }

  private int copy(ByteBuffer into) {
    int count = Math.min(into.remaining(), limit - position);
    into.put(buffer, position, count);
    position += count;
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
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
    closePart();
  }

  private void closePart() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }

  /** Brings the next frame's bytes of the range to hand; none at the end. */
  private void fill() {
    while (position == limit) {
      FrameReader frames = frames();
      if (frames == null) {
        return;
      }
      int length = frames.read(ByteBuffer.wrap(buffer));
      position = (int) skip;
      limit = position + (int) Math.min(length - position, remaining);
      remaining -= limit - position;
      skip = 0;
    }
  }

  /** Reads a frame of which nothing is skipped, as far as it is of the range. */
  private int readFrame(FrameReader frames, ByteBuffer into) {
    int start = into.position();
    int count = (int) Math.min(frames.read(into), remaining);
    into.position(start + count);
    remaining -= count;
    return count;
  }

  /** The part that has the next frame of the range; absent at the end. */
  private @Nullable FrameReader frames() {
    while (reader == null || !reader.hasNext()) {
      if (!openNext()) {
        return null;
      }
    }
    return reader;
  }

  private boolean openNext() {
    closePart();
    while (nextPart < parts.size() && skip >= parts.get(nextPart).size() && skip > 0) {
      skip -= parts.get(nextPart++).size();
    }
    // The part of an empty content is opened too: that it is lost must not go unnoticed.
    if (nextPart == parts.size() || (remaining == 0 && nextPart > 0)) {
      return false;
    }
    StoredPart part = parts.get(nextPart++);
    long count = Math.min(part.size() - skip, remaining);
    reader = new FrameReader(source, part, skip, count);
    skip %= Frames.SIZE;
    return true;
  }
}
