package dev.skep.domain.content;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * How a blob's bytes lie in the object store.
 *
 * <pre>
 * header   8 bytes: format (1), frame size as a power of two (16), two zero bytes, CRC32C
 * frame    64 KiB of content, the last one shorter, then its CRC32C
 * …        at least one frame: that of an empty blob is empty
 * </pre>
 *
 * Each checksum covers the format, the blob's id, the frame's number and whether it is the last
 * one, so that frames cannot change places, come from another blob or be cut off unnoticed. The
 * place of a frame follows from its number, so a range is read without what is before it. It needs
 * no header either: the checksum of a frame fails under any other format.
 */
final class Frames {

  static final byte FORMAT = 1;
  static final int SIZE_POWER = 16;
  static final int SIZE = 1 << SIZE_POWER;
  static final int CHECKSUM = Integer.BYTES;
  static final int STORED = SIZE + CHECKSUM;
  static final int HEADER = 8;

  private static final int HEADER_NUMBER = -1;

  private Frames() {}

  /** How many frames a blob has. */
  static long count(long size) {
    return Math.max(1, (size + SIZE - 1) >>> SIZE_POWER);
  }

  /** The bytes that a blob of this size takes in the store. */
  static long storedSize(long size) {
    return HEADER + size + count(size) * CHECKSUM;
  }

  /** Where a frame begins in the store. */
  static long position(long frame) {
    return HEADER + frame * STORED;
  }

  /** The bytes of content in a frame. */
  static int length(long size, long frame) {
    return (int) Math.min(SIZE, size - (frame << SIZE_POWER));
  }

  static byte[] header(UUID blobId) {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    header.put(FORMAT).put((byte) SIZE_POWER).putShort((short) 0);
    return header
        .putInt(new Checksum(blobId).of(HEADER_NUMBER, false, header.duplicate().flip()))
        .array();
  }

  /** Computes the checksums of one blob; one thread at a time. */
  static final class Checksum {

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer place = ByteBuffer.allocate(26);

    Checksum(UUID blobId) {
      place.put(FORMAT);
      place.putLong(blobId.getMostSignificantBits());
      place.putLong(blobId.getLeastSignificantBits());
    }

    /** Over the remaining bytes of the content, which are read. */
    int of(long frame, boolean last, ByteBuffer content) {
      place.putLong(17, frame).put(25, (byte) (last ? 1 : 0));
      crc.reset();
      crc.update(place.array());
      crc.update(content);
      return (int) crc.getValue();
    }
  }
}
