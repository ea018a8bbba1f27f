package dev.skep.testkit;

import dev.skep.port.objects.ObjectStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands every call on; a test overrides what it wants to break. */
public class ForwardingObjectStore implements ObjectStore {

  protected final ObjectStore store;

  public ForwardingObjectStore(ObjectStore store) {
    this.store = store;
  }

  @Override
  public Upload create(String key, long length) {
    return store.create(key, length);
  }

  @Override
  public @Nullable Download open(String key, long offset, long length) {
    return store.open(key, offset, length);
  }

  @Override
  public void delete(String key) {
    store.delete(key);
  }

  @Override
  public List<String> list(String prefix, @Nullable String after, int limit) {
    return store.list(prefix, after, limit);
  }
}
