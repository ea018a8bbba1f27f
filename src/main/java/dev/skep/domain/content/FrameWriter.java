package dev.skep.domain.content;

import dev.skep.port.objects.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.UUID;

/**
 * Writes the content of one blob as {@link Frames}, through one buffer of a frame. A full frame is
 * held back until more content comes, since the last one is marked.
 */
final class FrameWriter implements Taker {

  private final ObjectStore.Upload upload;
  private final MessageDigest digest;
  private final Frames.Checksum checksum;
  private final byte[] buffer;
  private int filled;
  private long frame;
  private long size;

  /**
   * @param expected the content's length, −1 when it is not known
   */
  FrameWriter(ObjectStore.Upload upload, UUID blobId, MessageDigest digest, long expected) {
    this.upload = upload;
    this.digest = digest;
    this.checksum = new Frames.Checksum(blobId);
    int room = expected < 0 || expected >= Frames.SIZE ? Frames.SIZE : (int) expected + 1;
    this.buffer = new byte[room + Frames.CHECKSUM];
    upload.write(Frames.header(blobId), 0, Frames.HEADER);
  }

  @Override
  public boolean take(InputStream body) throws IOException {
    int room = buffer.length - Frames.CHECKSUM - filled;
    if (room > 0) {
      return added(body.read(buffer, filled, room));
    }
    int next = body.read();
    if (next < 0) {
      return false;
    }
    flush(false);
    buffer[0] = (byte) next;
    return added(1);
  }

  private boolean added(int count) {
    if (count < 0) {
      return false;
    }
    filled += count;
    size += count;
    return true;
  }

  /** Writes the last frame; the upload is then complete. */
  void finish() {
    flush(true);
  }

  @Override
  public long size() {
    return size;
  }

  private void flush(boolean last) {
    digest.update(buffer, 0, filled);
    int sum = checksum.of(frame, last, ByteBuffer.wrap(buffer, 0, filled));
    ByteBuffer.wrap(buffer).putInt(filled, sum);
    upload.write(buffer, 0, filled + Frames.CHECKSUM);
    frame++;
    filled = 0;
  }
}
