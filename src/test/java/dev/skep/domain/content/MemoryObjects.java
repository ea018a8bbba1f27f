package dev.skep.domain.content;

import dev.skep.port.objects.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Blobs in memory that a test may damage; counts what is read. */
final class MemoryObjects implements ObjectStore {

  final ConcurrentSkipListMap<String, byte[]> blobs = new ConcurrentSkipListMap<>();
  long bytesRead;
  int largestRead;

  @Override
  public Upload create(String key, long length) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    return new Upload() {
      @Override
      public void write(byte[] from, int offset, int count) {
        bytes.write(from, offset, count);
      }

      @Override
      public void commit() {
        if (length >= 0 && bytes.size() != length) {
          throw new IllegalStateException(bytes.size() + " bytes instead of " + length);
        }
        if (blobs.putIfAbsent(key, bytes.toByteArray()) != null) {
          throw new KeyTaken(key);
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public @Nullable Download open(String key, long offset, long length) {
    byte[] blob = blobs.get(key);
    if (blob == null) {
      return null;
    }
    int from = (int) Math.min(offset, blob.length);
    int to = length < 0 ? blob.length : (int) Math.min(blob.length, from + length);
    return new Download() {
      private int at = from;

      @Override
      public long size() {
        return blob.length;
      }

      @Override
      public int read(ByteBuffer into) {
        if (at == to) {
          return -1;
        }
        int read = Math.min(Math.min(into.remaining(), to - at), 100_000);
        into.put(blob, at, read);
        at += read;
        bytesRead += read;
        largestRead = Math.max(largestRead, read);
        return read;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void delete(String key) {
    blobs.remove(key);
  }

  @Override
  public List<String> list(String prefix, @Nullable String after, int limit) {
    return blobs.keySet().stream()
        .filter(key -> key.startsWith(prefix))
        .filter(key -> after == null || key.compareTo(after) > 0)
        .limit(limit)
        .toList();
  }

  void flip(String key, int bit) {
    byte[] damaged = blobs.get(key).clone();
    damaged[bit / 8] ^= (byte) (1 << bit % 8);
    blobs.put(key, damaged);
  }

  void resize(String key, int length) {
    blobs.put(key, Arrays.copyOf(blobs.get(key), length));
  }
}
