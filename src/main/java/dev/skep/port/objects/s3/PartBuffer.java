package dev.skep.port.objects.s3;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * The bytes of one part, in pieces: it takes as much memory as has come, whatever was announced,
 * and no byte is copied again as it grows. Belongs to one thread at a time.
 */
final class PartBuffer {

  static final int PIECE = 64 * 1024;

  private final List<byte[]> pieces = new ArrayList<>();
  private int size;

  int size() {
    return size;
  }

  /** How much memory it takes. */
  long allocated() {
    return (long) pieces.size() * PIECE;
  }

  void add(byte[] bytes, int offset, int length) {
    int done = 0;
    while (done < length) {
      int at = size % PIECE;
      if (size / PIECE == pieces.size()) {
        pieces.add(new byte[PIECE]);
      }
      int count = Math.min(length - done, PIECE - at);
      System.arraycopy(bytes, offset + done, pieces.get(size / PIECE), at, count);
      size += count;
      done += count;
    }
  }

  /** Forgets the bytes and keeps the memory, for the next part. */
  void clear() {
    size = 0;
  }

  /** May be read more than once, until the buffer changes. */
  RequestBody body() {
    return RequestBody.fromContentProvider(this::stream, size, "application/octet-stream");
  }

  private InputStream stream() {
    List<InputStream> streams = new ArrayList<>();
    for (int from = 0; from < size; from += PIECE) {
      streams.add(
          new ByteArrayInputStream(pieces.get(from / PIECE), 0, Math.min(PIECE, size - from)));
    }
    return new SequenceInputStream(Collections.enumeration(streams));
  }
}
