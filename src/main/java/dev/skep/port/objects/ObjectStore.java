package dev.skep.port.objects;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Immutable blobs under keys that are used once.
 *
 * <h2>Keys</h2>
 *
 * 1–200 characters of {@code [a-z0-9/-]}, no empty segment; anything else is refused with an {@link
 * IllegalArgumentException}. Random keys are spread evenly by the driver.
 *
 * <h2>Writing</h2>
 *
 * A blob appears whole or not at all: {@link Upload#commit()} makes it visible and durable (it
 * survives a power cut of the machine or the store's primary) in one step; an upload that is closed
 * without a commit, or whose process dies, leaves nothing that {@link #open} or {@link #list}
 * shows. Of many commits under one key exactly one wins; the others throw {@link KeyTaken} and
 * change nothing. Constant memory, whatever the size.
 *
 * <h2>Reading</h2>
 *
 * A blob that was committed is readable from every replica at once. {@link #open} reads a range in
 * constant memory. A deletion may or may not end reads that have begun.
 *
 * <h2>Failures</h2>
 *
 * {@code no-space} when the store is full; {@code unavailable} when it does not answer in time;
 * {@link dev.skep.common.UnknownOutcomeException} when the answer to a commit or delete was lost.
 * Thread-safe, but an upload and a download belong to one thread at a time.
 */
public interface ObjectStore {

  /**
   * Begins a blob.
   *
   * @param length its length in bytes if known, else −1; a known length that is not met fails the
   *     commit with an {@link IllegalStateException}
   */
  Upload create(String key, long length);

  /**
   * How much of the heap an upload holds at most, beside what it is given.
   *
   * @param length as {@link #create} is told it
   */
  default long held(long length) {
    return 0;
  }

  /**
   * Opens {@code length} bytes from {@code offset}, or fewer where the blob ends before; {@code
   * length} −1 means to the end.
   *
   * @return absent when there is no such blob
   */
  @Nullable Download open(String key, long offset, long length);

  /** Deletes the blob if it exists; afterwards it is gone, whoever deleted it. */
  void delete(String key);

  /**
   * Keys that begin with the prefix, in bytewise order, after {@code after} (absent: from the
   * beginning).
   */
  List<String> list(String prefix, @Nullable String after, int limit);

  /** A blob being written. */
  interface Upload extends AutoCloseable {

    void write(byte[] bytes, int offset, int length);

    /** Makes the blob visible and durable. */
    void commit();

    /** Ends the upload; without a commit before, nothing of it remains. */
    @Override
    void close();
  }

  /** A blob, or a range of it, being read. */
  interface Download extends AutoCloseable {

    /** The whole blob's length in bytes. */
    long size();

    /** Reads 1 to {@code into.remaining()} bytes; −1 at the end of the range. */
    int read(ByteBuffer into);

    @Override
    void close();
  }

  /** Another blob has this key. */
  final class KeyTaken extends RuntimeException {
    public KeyTaken(String key) {
      // An answer rather than a fault: where it comes from, nobody asks.
      super("A blob with the key " + key + " exists", null, true, false);
    }
  }
}
