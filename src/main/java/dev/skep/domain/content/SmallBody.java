package dev.skep.domain.content;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/**
 * The beginning of a body, in the buffer that is stored when nothing follows: the header goes
 * before it, the checksum behind it.
 */
final class SmallBody implements Taker {

  private final int limit;
  private final byte[] buffer;
  private int size;

  /**
   * @param limit bytes of a body that is small; one more is read, to know of more
   */
  SmallBody(int limit) {
    this.limit = limit;
    this.buffer = new byte[Frames.HEADER + limit + Frames.CHECKSUM];
  }

  /** False also when the body is not small. */
  @Override
  public boolean take(InputStream body) throws IOException {
    int count = body.read(buffer, Frames.HEADER + size, limit + 1 - size);
    size += Math.max(0, count);
    return count >= 0 && size <= limit;
  }

  @Override
  public long size() {
    return size;
  }

  boolean isSmall() {
    return size <= limit;
  }

  /** The body from its beginning. */
  InputStream followedBy(InputStream rest) {
    return new SequenceInputStream(new ByteArrayInputStream(buffer, Frames.HEADER, size), rest);
  }

  /** What was taken, as the whole content; nothing more is taken. */
  SmallContent finish(UUID contentId, MessageDigest digest) {
    digest.update(buffer, Frames.HEADER, size);
    String sha256 = HexFormat.of().formatHex(digest.digest());
    return new SmallContent(contentId, size, sha256, framed(contentId));
  }

  private byte[] framed(UUID contentId) {
    int end = Frames.HEADER + size;
    int sum =
        new Frames.Checksum(contentId).of(0, true, ByteBuffer.wrap(buffer, Frames.HEADER, size));
    ByteBuffer.wrap(buffer).put(Frames.header(contentId)).putInt(end, sum);
    int length = end + Frames.CHECKSUM;
    return length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
  }
}
