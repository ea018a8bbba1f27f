package dev.skep.port.objects.s3;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.objects.ObjectStore.Download;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * A range of a blob being read. When the connection breaks it goes on with another one where it
 * was: a blob never changes.
 */
final class S3Download implements Download {

  /** What is read into at once for a buffer that has no array. */
  private static final int PIECE = 64 * 1024;

  private final S3Blobs blobs;
  private final String key;
  private final int retries;
  private final long size;
  private final long end;
  private long position;
  private int failures;
  private @Nullable ResponseInputStream<GetObjectResponse> stream;

  private S3Download(
      S3Blobs blobs,
      String key,
      int retries,
      long size,
      long position,
      long end,
      @Nullable ResponseInputStream<GetObjectResponse> stream) {
    this.blobs = blobs;
    this.key = key;
    this.retries = retries;
    this.size = size;
    this.position = position;
    this.end = end;
    this.stream = stream;
  }

  /**
   * Opens a range.
   *
   * @param length −1 for all that follows
   * @return absent when there is no such blob
   * @throws S3Failure when the server does not answer as it should
   */
  static @Nullable S3Download open(
      S3Blobs blobs, String key, int retries, long offset, long length) {
    if (length == 0) {
      return empty(blobs, key, retries);
    }
    ResponseInputStream<GetObjectResponse> stream;
    try {
      stream = blobs.get(key, range(offset, length));
    } catch (S3Failure e) {
      return switch (e.kind()) {
        case ABSENT -> null;
        case BEHIND_THE_END -> empty(blobs, key, retries);
        default -> throw e;
      };
    }
    if (BlobMark.isReserved(stream.response().metadata())) {
      stream.abort();
      return null;
    }
    long size = size(stream.response());
    if (offset >= size) {
      stream.abort();
      return new S3Download(blobs, key, retries, size, size, size, null);
    }
    long end = length < 0 ? size : offset + Math.min(length, size - offset);
    return new S3Download(blobs, key, retries, size, offset, end, stream);
  }

  private static @Nullable S3Download empty(S3Blobs blobs, String key, int retries) {
    long size = blobs.size(key);
    return size < 0 ? null : new S3Download(blobs, key, retries, size, size, size, null);
  }

  private static @Nullable String range(long offset, long length) {
    if (length < 0 || length > Long.MAX_VALUE - offset) {
      return offset == 0 ? null : "bytes=" + offset + "-";
    }
    return "bytes=" + offset + "-" + (offset + length - 1);
  }

  /** The whole object's size, whether all of it or a range was answered. */
  private static long size(GetObjectResponse response) {
    String range = response.contentRange();
    return range == null
        ? response.contentLength()
        : Long.parseLong(range.substring(range.indexOf('/') + 1));
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int read(ByteBuffer into) {
    if (position >= end) {
      return -1;
    }
    if (!into.hasRemaining()) {
      return 0;
    }
    int most = (int) Math.min(into.remaining(), end - position);
    while (true) {
      try {
        int count = read(stream(), into, most);
        if (count > 0) {
          position += count;
          failures = 0;
          endIfWhole();
          return count;
        }
        broken(null);
      } catch (IOException | SdkException e) {
        broken(e);
      }
    }
  }

  private static int read(InputStream from, ByteBuffer into, int most) throws IOException {
    if (!into.hasArray()) {
      byte[] piece = new byte[Math.min(most, PIECE)];
      int count = from.read(piece);
      if (count > 0) {
        into.put(piece, 0, count);
      }
      return count;
    }
    int count = from.read(into.array(), into.arrayOffset() + into.position(), most);
    if (count > 0) {
      into.position(into.position() + count);
    }
    return count;
  }

  private ResponseInputStream<GetObjectResponse> stream() {
    ResponseInputStream<GetObjectResponse> open = stream;
    if (open == null) {
      open = reopen();
      stream = open;
    }
    return open;
  }

  private ResponseInputStream<GetObjectResponse> reopen() {
    try {
      return blobs.get(key, "bytes=" + position + "-" + (end - 1));
    } catch (S3Failure e) {
      throw e.kind() == S3Failure.Kind.ABSENT
          ? new SkepException(ErrorCode.UNAVAILABLE, "The blob was deleted while it was read", e)
          : e.toSkepException();
    }
  }

  private void broken(@Nullable Exception e) {
    close();
    if (failures++ == retries) {
      throw new SkepException(
          ErrorCode.UNAVAILABLE, "The connection to the object store broke off", e);
    }
  }

  /** A connection whose answer was read whole can be used again. */
  private void endIfWhole() {
    ResponseInputStream<GetObjectResponse> whole = stream;
    if (position < end || whole == null) {
      return;
    }
    stream = null;
    try {
      whole.close();
    } catch (IOException e) {
      // All of it is here.
    }
  }

  /** Breaks the connection off, rather than reading what nobody wants. */
  @Override
  public void close() {
    ResponseInputStream<GetObjectResponse> open = stream;
    stream = null;
    if (open != null) {
      open.abort();
    }
  }
}
