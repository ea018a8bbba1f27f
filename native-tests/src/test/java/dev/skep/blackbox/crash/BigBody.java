package dev.skep.blackbox.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Random;

/** Bytes without end that cost nothing: a block of random ones, each time with its number. */
final class BigBody extends InputStream {

  private static final int BLOCK = 1 << 20;

  private final ByteBuffer block = ByteBuffer.allocate(BLOCK);
  private final long size;
  private long position;

  BigBody(long size) {
    this.size = size;
    new Random(1).nextBytes(block.array());
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (position >= size) {
      return -1;
    }
    int at = (int) (position % BLOCK);
    block.putLong(0, position / BLOCK);
    int count = (int) Math.min(Math.min(length, BLOCK - at), size - position);
    System.arraycopy(block.array(), at, into, offset, count);
    position += count;
    return count;
  }

  @Override
  public long transferTo(OutputStream out) throws IOException {
    byte[] buffer = new byte[BLOCK];
    int read;
    while ((read = read(buffer, 0, BLOCK)) > 0) {
      out.write(buffer, 0, read);
    }
    return position;
  }
}
