package dev.skep.testkit;

import dev.skep.port.config.ConfigStore;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hands every call on; a test overrides what it wants to break. */
public class ForwardingConfigStore implements ConfigStore {

  protected final ConfigStore store;

  public ForwardingConfigStore(ConfigStore store) {
    this.store = store;
  }

  @Override
  public @Nullable Entry get(String key) {
    return store.get(key);
  }

  @Override
  public Map<String, Entry> list(String prefix) {
    return store.list(prefix);
  }

  @Override
  public Entry set(String key, String value, long expected, Author author) {
    return store.set(key, value, expected, author);
  }

  @Override
  public void delete(String key, long expected, Author author) {
    store.delete(key, expected, author);
  }

  @Override
  public List<Change> history(String key, int limit) {
    return store.history(key, limit);
  }

  @Override
  public Watch watch(String prefix, Consumer<Map<String, Entry>> watcher) {
    return store.watch(prefix, watcher);
  }
}
