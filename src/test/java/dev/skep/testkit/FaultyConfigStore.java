package dev.skep.testkit;

import dev.skep.port.config.ConfigStore;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A config store that times out before or after the effect of a call; watches are not touched.
 * Thread-safe.
 */
public final class FaultyConfigStore implements ConfigStore {

  private final ConfigStore store;
  private final FaultyCalls calls;

  public FaultyConfigStore(ConfigStore store, FaultPlan plan) {
    this.store = store;
    this.calls = new FaultyCalls(plan);
  }

  @Override
  public @Nullable Entry get(String key) {
    return calls.read(() -> store.get(key));
  }

  @Override
  public Map<String, Entry> list(String prefix) {
    return calls.read(() -> store.list(prefix));
  }

  @Override
  public Entry set(String key, String value, long expected, Author author) {
    return calls.write(() -> store.set(key, value, expected, author));
  }

  @Override
  public void delete(String key, long expected, Author author) {
    calls.write(() -> store.delete(key, expected, author));
  }

  @Override
  public List<Change> history(String key, int limit) {
    return calls.read(() -> store.history(key, limit));
  }

  @Override
  public Watch watch(String prefix, Consumer<Map<String, Entry>> watcher) {
    return store.watch(prefix, watcher);
  }
}
