package dev.skep.port.objects.s3;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.objects.ObjectStore.KeyTaken;
import dev.skep.port.objects.ObjectStore.Upload;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * A blob being written: kept in memory up to the size of a part and then sent in one request, or
 * sent part by part. Its commit may be repeated, since it is marked as this upload's own.
 */
final class S3Upload implements Upload {

  private static final int MOST_PARTS = 10_000;

  private final S3Blobs blobs;
  private final String key;
  private final long announced;
  private final int partSize;
  private final int retries;
  private final BlobMark mark = BlobMark.next();
  private final List<CompletedPart> parts = new ArrayList<>();
  private final PartBuffer buffer = new PartBuffer();
  private long accepted;
  private @Nullable String uploadId;
  private boolean ended;

  /**
   * @param announced −1 when the length is not known
   */
  S3Upload(S3Blobs blobs, String key, long announced, int partSize, int retries) {
    this.retries = retries;
    this.blobs = blobs;
    this.key = key;
    this.announced = announced;
    this.partSize = enough(partSize, announced);
  }

  /** A length that is known may need larger parts, in whole mebibytes. */
  private static int enough(int partSize, long announced) {
    long needed = (announced + MOST_PARTS - 1) / MOST_PARTS;
    if (needed <= partSize) {
      return partSize;
    }
    long rounded = ((needed >> 20) + 1) << 20;
    if (rounded > Integer.MAX_VALUE - 8) {
      throw new SkepException(
          ErrorCode.TOO_LARGE, "No object store takes " + announced + " bytes at once");
    }
    return (int) rounded;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    requireOpen();
    try {
      append(bytes, offset, length);
    } catch (S3Failure e) {
      close();
      throw e.toSkepException();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void append(byte[] bytes, int offset, int length) {
    int done = 0;
    while (done < length) {
      if (buffer.size() == partSize) {
        sendPart();
      }
      int count = Math.min(length - done, partSize - buffer.size());
      buffer.add(bytes, offset + done, count);
      done += count;
    }
    accepted += length;
  }

  private void sendPart() {
    if (parts.size() == MOST_PARTS) {
      throw new SkepException(
          ErrorCode.TOO_LARGE,
          "A body of unknown length has at most " + (long) MOST_PARTS * partSize + " bytes");
    }
    String id = uploadId;
    if (id == null) {
      id = blobs.begin(key, mark);
      uploadId = id;
    }
    int number = parts.size() + 1;
    String etag = blobs.put(key, id, number, buffer.body());
    parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
    buffer.clear();
  }

  @Override
  public void commit() {
    requireOpen();
    try {
      requireWhole();
      if (uploadId == null) {
        settle(() -> blobs.put(key, mark, buffer.body()));
      } else {
        sendPart();
        String id = uploadId;
        settle(() -> blobs.complete(key, id, mark, parts));
        blobs.forget(id);
      }
      ended = true;
    } catch (S3Failure e) {
      throw e.toSkepException();
    } finally {
      close();
    }
  }

  /**
   * Makes the commit. Once an answer was lost, no later one is believed, only the blob itself: a
   * server that was killed while it put parts together may say that they are (versitygw 1.8 does).
   */
  private void settle(Runnable commit) {
    S3Failure lost = null;
    for (int attempt = 0; ; attempt++) {
      try {
        commit.run();
        if (lost == null || isMine(lost)) {
          return;
        }
        throw lost.ofWrite();
      } catch (S3Failure e) {
        S3Failure failure = e.after(lost);
        if (mayBeMine(failure) && isMine(failure)) {
          return;
        }
        if (e.kind() == S3Failure.Kind.EXISTS) {
          throw new KeyTaken(key);
        }
        if (attempt == retries || !e.maybeDone() || !e.retryable()) {
          throw failure.ofWrite();
        }
        lost = failure;
      }
    }
  }

  private static boolean mayBeMine(S3Failure e) {
    return e.maybeDone() || e.kind() == S3Failure.Kind.EXISTS || e.kind() == S3Failure.Kind.ABSENT;
  }

  private boolean isMine(S3Failure commit) {
    try {
      return mark.equals(blobs.mark(key));
    } catch (S3Failure e) {
      commit.addSuppressed(e);
      throw commit.maybeDone() ? commit.ofWrite() : e.toSkepException();
    }
  }

  private void requireWhole() {
    if (announced >= 0 && accepted != announced) {
      throw new IllegalStateException(
          "The upload was announced with " + announced + " bytes and has " + accepted);
    }
  }

  private void requireOpen() {
    if (ended) {
      throw new IllegalStateException("The upload has ended");
    }
  }

  @Override
  public void close() {
    if (ended) {
      return;
    }
    ended = true;
    if (uploadId != null) {
      blobs.abort(key, uploadId);
    }
  }
}
