package dev.skep.domain.settings;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.config.ConfigStore;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The settings that this replica goes by. Follows {@code config} from {@link #start} to {@link
 * #stop}; while that is down the last known values hold, from before a restart too.
 */
@Singleton
public class CurrentSettings {

  /** Where settings lie in the config store. */
  static final String PREFIX = "settings/";

  private static final Logger LOG = Logger.getLogger(CurrentSettings.class);
  private static final Duration AGAIN = Duration.ofSeconds(2);

  private final ConfigStore config;
  private final SettingCopy copy;
  private volatile Map<Setting, Known> known = Map.of();
  private volatile boolean stopped;

  /** Guards what follows it: a copy that could not be made is made later, by another thread. */
  private final Object copying = new Object();

  /** Whether the copy is of this store. */
  private boolean copied;

  private @Nullable Thread copyingLater;

  private ConfigStore.@Nullable Watch watch;
  private @Nullable Thread starting;

  public CurrentSettings(ConfigStore config, SettingCopy copy) {
    this.config = config;
    this.copy = copy;
  }

  public Duration sessionLife() {
    return Duration.ofHours(value(Setting.SESSION_HOURS));
  }

  /** Bytes; −1 for no limit. */
  public long defaultHomeQuota() {
    return value(Setting.DEFAULT_HOME_QUOTA);
  }

  public long maxUploadBytes() {
    return value(Setting.MAX_UPLOAD_BYTES);
  }

  private long value(Setting setting) {
    Known last = known.get(setting);
    return setting.parse(last == null ? null : last.value()).orElse(setting.defaultValue());
  }

  /** What was last known of the settings that somebody set. */
  Map<Setting, Known> known() {
    return known;
  }

  /** Reads the copy, then follows the store. To be called once {@code sql} is open. */
  public synchronized void start() {
    known = copy.read();
    if (!follow()) {
      starting = Thread.ofVirtual().name("settings-start").start(this::followLater);
    }
  }

  public synchronized void stop() {
    stopped = true;
    if (starting != null) {
      starting.interrupt();
    }
    if (watch != null) {
      watch.close();
    }
    synchronized (copying) {
      if (copyingLater != null) {
        copyingLater.interrupt();
      }
    }
  }

  private void followLater() {
    try {
      do {
        Thread.sleep(AGAIN);
      } while (!follow());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean follow() {
    try {
      if (!stopped) {
        watch = config.watch(PREFIX, this::changed);
      }
      return true;
    } catch (SkepException e) {
      if (e.code() != ErrorCode.UNAVAILABLE) {
        throw e;
      }
      LOG.warnf("config: not reached yet; the last known settings hold. %s", e.detail());
      return false;
    }
  }

  /** Takes the whole state of the store; what this version does not understand counts as unset. */
  private void changed(Map<String, ConfigStore.Entry> state) {
    Map<Setting, Known> latest = of(state);
    latest.forEach(
        (setting, last) -> {
          if (setting.parse(last.value()).isEmpty()) {
            LOG.warnf("setting %s: its value is not understood; the default holds", setting.key());
          }
        });
    known = latest;
    keepCopy();
  }

  private void keepCopy() {
    synchronized (copying) {
      // Who copies later takes the latest state.
      if (copyingLater == null && !tryToCopy()) {
        LOG.warn("settings: the copy for a start without config is made once sql answers");
        copyingLater = Thread.ofVirtual().name("settings-copy").start(this::keepCopyLater);
      }
    }
  }

  private void keepCopyLater() {
    try {
      boolean done = false;
      while (!done) {
        Thread.sleep(AGAIN);
        synchronized (copying) {
          done = stopped || tryToCopy();
          copyingLater = done ? null : copyingLater;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Copies what is known, by the thread that holds {@link #copying}. */
  private boolean tryToCopy() {
    try {
      if (copied) {
        copy.write(known);
      } else {
        copy.overwrite(known);
        copied = true;
      }
    } catch (SkepException e) {
      LOG.debugf("settings: %s", e.detail());
      return false;
    }
    return true;
  }

  /** The settings among the entries of the store. */
  static Map<Setting, Known> of(Map<String, ConfigStore.Entry> state) {
    Map<Setting, Known> found = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      ConfigStore.Entry entry = state.get(PREFIX + setting.key());
      if (entry != null) {
        found.put(setting, Known.of(entry));
      }
    }
    return found;
  }
}
