package dev.skep.port.config.embedded;

import dev.skep.common.ErrorCode;
import dev.skep.common.Latest;
import dev.skep.common.SkepException;
import dev.skep.common.disk.Disk;
import dev.skep.common.disk.DiskFull;
import dev.skep.common.disk.RealDisk;
import dev.skep.port.DataFolder;
import dev.skep.port.Driver;
import dev.skep.port.config.ConfigKey;
import dev.skep.port.config.ConfigStore;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Settings in memory and in one file, which each write replaces as a whole: written beside it,
 * forced, renamed, its folder forced. Readers and watchers see a state only once it is durable.
 */
@Singleton
@Identifier("embedded")
public final class EmbeddedConfigStore implements ConfigStore, Driver {

  private static final String FOLDER_KEY = "skep.config.embedded.folder";

  private final EmbeddedConfigStoreConfig config;
  private final Disk disk;
  private final ReentrantLock writing = new ReentrantLock();
  private final Set<StateWatch> watches = ConcurrentHashMap.newKeySet();
  private @Nullable DataFolder folder;
  private volatile @Nullable Opened opened;

  private record Opened(StateFile file, Latest<State> latest) {}

  @Inject
  public EmbeddedConfigStore(EmbeddedConfigStoreConfig config) {
    this(config, new RealDisk());
  }

  public EmbeddedConfigStore(EmbeddedConfigStoreConfig config, Disk disk) {
    this.config = config;
    this.disk = disk;
  }

  @Override
  public void open() {
    DataFolder taken = DataFolder.take(disk, FOLDER_KEY, config.folder());
    folder = taken;
    StateFile file = new StateFile(disk, taken);
    try {
      opened = new Opened(file, new Latest<>(file.read()));
    } catch (IOException e) {
      throw taken.refuse(e);
    }
  }

  @Override
  public String target() {
    return config.folder().toString();
  }

  @Override
  public void check() {
    if (!opened().file().sound() || !disk.exists(config.folder())) {
      throw broken();
    }
  }

  @Override
  public void close() {
    writing.lock();
    try {
      opened = null;
      watches.forEach(StateWatch::stop);
      DataFolder taken = folder;
      folder = null;
      if (taken != null) {
        taken.close();
      }
    } catch (IOException e) {
      throw failed(e);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public @Nullable Entry get(String key) {
    return state().entries().get(ConfigKey.checked(key));
  }

  @Override
  public Map<String, Entry> list(String prefix) {
    return state().under(prefix);
  }

  @Override
  public Entry set(String key, String value, long expected, Author author) {
    ConfigKey.checkedValue(value);
    long revision = change(key, value, expected, author);
    return new Entry(value, revision, author);
  }

  @Override
  public void delete(String key, long expected, Author author) {
    change(key, null, expected, author);
  }

  /** Makes the change durable, then visible; gives its revision. */
  private long change(String key, @Nullable String value, long expected, Author author) {
    ConfigKey.checked(key);
    writing.lock();
    try {
      Opened now = opened();
      if (!now.file().sound()) {
        throw broken();
      }
      State next = now.latest().get().with(key, value, expected, author);
      now.file().write(next);
      now.latest().set(next);
      return next.revision();
    } catch (IOException e) {
      throw failed(e);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public List<Change> history(String key, int limit) {
    List<Change> all = state().history().getOrDefault(ConfigKey.checked(key), List.of());
    return all.subList(0, Math.min(limit, all.size()));
  }

  @Override
  public Watch watch(String prefix, Consumer<Map<String, Entry>> watcher) {
    StateWatch watch = new StateWatch(prefix, watcher, opened().latest(), watches::remove);
    watches.add(watch);
    watch.start();
    if (opened == null) {
      // Closed meanwhile, perhaps before the watch was in the set.
      watch.stop();
    }
    return watch;
  }

  private State state() {
    return opened().latest().get();
  }

  private Opened opened() {
    Opened now = opened;
    if (now == null) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "The settings are not open");
    }
    return now;
  }

  private static SkepException broken() {
    return new SkepException(
        ErrorCode.UNAVAILABLE,
        "The disk of the settings failed. Check it, then restart Skep to change settings");
  }

  private static SkepException failed(IOException e) {
    return e instanceof DiskFull
        ? new SkepException(
            ErrorCode.NO_SPACE, "The disk of the settings is full. Make room on it", e)
        : new SkepException(
            ErrorCode.UNAVAILABLE, "The disk of the settings does not work. Check it", e);
  }
}
