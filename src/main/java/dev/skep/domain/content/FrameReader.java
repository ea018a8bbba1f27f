package dev.skep.domain.content;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.objects.ObjectStore.Download;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads the frames of one part that hold a range of its content, one after the other into a buffer
 * that is lent, each verified before it is told of.
 */
final class FrameReader implements AutoCloseable {

  private final StoredPart part;
  private final Download download;
  private final Frames.Checksum checksum;
  private final long last;
  private long next;

  /** Opens {@code length} bytes of the part from {@code offset}, which lie within it. */
  FrameReader(StoredContent.Source source, StoredPart part, long offset, long length) {
    this.part = part;
    this.checksum = new Frames.Checksum(part.blobId());
    this.next = offset >>> Frames.SIZE_POWER;
    this.last = Math.max(next, (offset + length - 1) >> Frames.SIZE_POWER);
    boolean fromStart = next == 0;
    long from = fromStart ? 0 : Frames.position(next);
    long to = Frames.position(last) + Frames.length(part.size(), last) + Frames.CHECKSUM;
    this.download = open(source, from, to - from);
    if (fromStart) {
      verifyHeader();
    }
  }

  private Download open(StoredContent.Source source, long from, long count) {
    Download found = source.open(part, from, count);
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

  /** Whether the range has another frame. */
  boolean hasNext() {
    return next <= last;
  }

  /**
   * Reads the next frame, content first, its checksum behind: the buffer needs {@link
   * Frames#STORED} of room, or of the whole frame if that is less. Its position moves behind the
   * content, so that the next frame overwrites the checksum and contents lie side by side.
   *
   * @return the bytes of content in the frame
   */
  int read(ByteBuffer into) {
    long frame = next++;
    int length = Frames.length(part.size(), frame);
    ByteBuffer stored = into.slice(into.position(), length + Frames.CHECKSUM);
    readWhole(stored, frame);
    boolean isLast = frame == Frames.count(part.size()) - 1;
    int found = stored.getInt(length);
    if (found != checksum.of(frame, isLast, stored.position(0).limit(length))) {
      throw damaged("is damaged in frame " + frame);
    }
    into.position(into.position() + length);
    return length;
  }

  private void verifyHeader() {
    byte[] header = new byte[Frames.HEADER];
    try {
      readWhole(ByteBuffer.wrap(header), 0);
      if (!Arrays.equals(header, Frames.header(part.blobId()))) {
        throw damaged("does not begin as format " + Frames.FORMAT + " does");
      }
    } catch (RuntimeException e) {
      download.close();
      throw e;
    }
  }

  private void readWhole(ByteBuffer into, long frame) {
    while (into.hasRemaining()) {
      if (download.read(into) < 0) {
        throw damaged("ends in frame " + frame);
      }
    }
  }

  private SkepException damaged(String what) {
    return new SkepException(ErrorCode.CORRUPT, part.told() + " " + what);
  }

  @Override
  public void close() {
    download.close();
  }
}
