package dev.skep.domain.content;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.objects.ObjectStore;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads the frames of one part that hold a range of its content, a few at a time into a buffer that
 * is lent, and hands them out one by one, each verified before.
 */
final class FrameReader implements AutoCloseable {

  private static final int FRAMES_AT_ONCE = 4;

  private final StoredPart part;
  private final ObjectStore.Download download;
  private final Frames.Checksum checksum;
  private final byte[] buffer;
  private final long last;
  private long next;
  private boolean headerAhead;
  private int position;
  private int limit;
  private int offset;
  private int length;

  /** A buffer for reading ranges of at most this length from parts of at most this size. */
  static byte[] buffer(long largestPart, long length) {
    long frames = Math.min(FRAMES_AT_ONCE, Frames.count(length) + 1);
    return new byte[(int) Math.min(Frames.position(frames), Frames.storedSize(largestPart))];
  }

  /** Opens {@code length} bytes of the part from {@code offset}, which lie within it. */
  FrameReader(ObjectStore objects, StoredPart part, long offset, long length, byte[] buffer) {
    this.part = part;
    this.buffer = buffer;
    this.checksum = new Frames.Checksum(part.blobId());
    this.next = offset >>> Frames.SIZE_POWER;
    this.last = Math.max(next, (offset + length - 1) >> Frames.SIZE_POWER);
    this.headerAhead = next == 0;
    long from = headerAhead ? 0 : Frames.position(next);
    long to = Frames.position(last) + Frames.length(part.size(), last) + Frames.CHECKSUM;
    this.download = open(objects, from, to - from);
  }

  private ObjectStore.Download open(ObjectStore objects, long from, long count) {
    ObjectStore.Download found = objects.open(BlobAddress.of(part.blobId()), from, count);
    if (found == null) {
      throw damaged("is missing");
    }
    if (found.size() != Frames.storedSize(part.size())) {
      long size = found.size();
      found.close();
      throw damaged("has " + size + " bytes instead of " + Frames.storedSize(part.size()));
    }
    return found;
  }

  /** Goes on to the next frame; false after the last one of the range. */
  boolean advance() {
    if (next > last) {
      return false;
    }
    if (position == limit) {
      refill();
    }
    long frame = next++;
    offset = position;
    length = Frames.length(part.size(), frame);
    position += length + Frames.CHECKSUM;
    boolean isLast = frame == Frames.count(part.size()) - 1;
    int found = ByteBuffer.wrap(buffer).getInt(offset + length);
    if (found != checksum.of(frame, isLast, buffer, offset, length)) {
      throw damaged("is damaged in frame " + frame);
    }
    return true;
  }

  /** Where the frame's content begins in the buffer. */
  int offset() {
    return offset;
  }

  /** The bytes of content in the frame. */
  int length() {
    return length;
  }

  private void refill() {
    int header = headerAhead ? Frames.HEADER : 0;
    int room = Math.ceilDiv(buffer.length - Frames.HEADER, Frames.STORED);
    long until = Math.min(last, next + room - 1);
    int wanted =
        header
            + (int) (until - next) * Frames.STORED
            + Frames.length(part.size(), until)
            + Frames.CHECKSUM;
    for (int got = 0; got < wanted; ) {
      int read = download.read(buffer, got, wanted - got);
      if (read < 0) {
        throw damaged("ends in frame " + (next + got / Frames.STORED));
      }
      got += read;
    }
    if (headerAhead) {
      verifyHeader();
    }
    position = header;
    limit = wanted;
    headerAhead = false;
  }

  private void verifyHeader() {
    byte[] expected = Frames.header(part.blobId());
    if (!Arrays.equals(buffer, 0, Frames.HEADER, expected, 0, Frames.HEADER)) {
      throw damaged("does not begin as format " + Frames.FORMAT + " does");
    }
  }

  private SkepException damaged(String what) {
    return new SkepException(
        ErrorCode.CORRUPT,
        "Content "
            + part.contentId()
            + ": the blob "
            + part.blobId()
            + " of its part "
            + part.number()
            + " "
            + what);
  }

  @Override
  public void close() {
    download.close();
  }
}
