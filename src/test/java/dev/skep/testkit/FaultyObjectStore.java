package dev.skep.testkit;

import dev.skep.port.objects.ObjectStore;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object store that times out before or after the effect of a call. Each method of the store,
 * its uploads and its downloads is a call, but for {@code close} and {@code size}. Thread-safe.
 */
public final class FaultyObjectStore implements ObjectStore {

  private final ObjectStore store;
  private final FaultyCalls calls;

  public FaultyObjectStore(ObjectStore store, FaultPlan plan) {
    this.store = store;
    this.calls = new FaultyCalls(plan);
  }

  @Override
  public Upload create(String key, long length) {
    Upload upload = calls.read(() -> store.create(key, length));
    return new Upload() {
      @Override
      public void write(byte[] bytes, int offset, int count) {
        calls.read(
            () -> {
              upload.write(bytes, offset, count);
              return null;
            });
      }

      @Override
      public void commit() {
        calls.write(upload::commit);
      }

      @Override
      public void close() {
        upload.close();
      }
    };
  }

  @Override
  public @Nullable Download open(String key, long offset, long length) {
    Download download = calls.read(() -> store.open(key, offset, length));
    if (download == null) {
      return null;
    }
    return new Download() {
      @Override
      public long size() {
        return download.size();
      }

      @Override
      public int read(ByteBuffer into) {
        return calls.read(() -> download.read(into));
      }

      @Override
      public void close() {
        download.close();
      }
    };
  }

  @Override
  public void delete(String key) {
    calls.write(() -> store.delete(key));
  }

  @Override
  public List<String> list(String prefix, @Nullable String after, int limit) {
    return calls.read(() -> store.list(prefix, after, limit));
  }
}
