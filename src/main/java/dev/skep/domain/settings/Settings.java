package dev.skep.domain.settings;

import dev.skep.common.ErrorCode;
import dev.skep.common.Page;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.outbox.Answers;
import dev.skep.port.config.ConfigStore;
import dev.skep.port.sql.SqlStore;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings as administrators read and change them; nobody else does. A change is in force on
 * all replicas within a second, and its history is kept. While {@code config} is down the last
 * known values are shown, and changes are refused.
 */
@Singleton
public class Settings {

  private static final int ATTEMPTS = 20;

  private final ConfigStore config;
  private final SqlStore sql;
  private final Answers answers;
  private final CurrentSettings current;
  private final InstantSource clock;

  public Settings(
      ConfigStore config,
      SqlStore sql,
      Answers answers,
      CurrentSettings current,
      InstantSource clock) {
    this.config = config;
    this.sql = sql;
    this.answers = answers;
    this.current = current;
    this.clock = clock;
  }

  /** All of them, by key. */
  public Page<SettingView> list(Caller caller, PageRequest page) {
    caller.requireAdmin();
    Map<Setting, Known> known = known();
    List<SettingView> after =
        Arrays.stream(Setting.values())
            .filter(setting -> page.after() == null || setting.key().compareTo(page.after()) > 0)
            .map(setting -> SettingView.of(setting, known.get(setting)))
            .sorted(Comparator.comparing(SettingView::key))
            .limit(page.limit() + 1L)
            .toList();
    return Page.of(after, page, SettingView::key);
  }

  public SettingView get(Caller caller, String key) {
    caller.requireAdmin();
    Setting setting = require(key);
    return SettingView.of(setting, known().get(setting));
  }

  private Map<Setting, Known> known() {
    try {
      return CurrentSettings.of(config.list(CurrentSettings.PREFIX));
    } catch (SkepException e) {
      if (e.code() != ErrorCode.UNAVAILABLE) {
        throw e;
      }
      return current.known();
    }
  }

  /**
   * Sets a value. Without a precondition the last write wins; what it replaced is in the history.
   */
  public SettingView set(
      Caller caller, String key, @Nullable Long value, Precondition precondition) {
    caller.requireAdmin();
    Setting setting = require(key);
    return change(caller, setting, setting.checked(value), precondition);
  }

  /** Back to the default. */
  public SettingView reset(Caller caller, String key, Precondition precondition) {
    caller.requireAdmin();
    return change(caller, require(key), null, precondition);
  }

  /** The changes of a setting, newest first; the latest hundred are kept. */
  public Page<SettingChange> history(Caller caller, String key, PageRequest page) {
    caller.requireAdmin();
    Setting setting = require(key);
    long before = page.after(Long::valueOf, Long.MAX_VALUE);
    List<SettingChange> older =
        config.history(stored(setting), ConfigStore.HISTORY).stream()
            .filter(change -> change.revision() < before)
            .limit(page.limit() + 1L)
            .map(change -> SettingChange.of(setting, change))
            .toList();
    return Page.of(older, page, change -> Long.toString(change.revision()));
  }

  /**
   * Makes a setting what it was after an earlier change, which is a change of its own, once per
   * Idempotency-Key. Settings and answers lie in two stores: should the process die between the
   * two, the repeated request rolls back once more, which changes nothing unless somebody else
   * changed the setting meanwhile; {@code If-Match} refuses that.
   */
  public SettingView rollBack(
      Caller caller, String key, @Nullable Long revision, Precondition precondition) {
    caller.requireAdmin();
    Optional<SettingView> before = sql.read(tx -> answers.earlier(tx, caller, SettingView.class));
    if (before.isPresent()) {
      return before.get();
    }
    SettingView rolledBack = rollBackNow(caller, key, revision, precondition);
    if (caller.once() == null) {
      return rolledBack;
    }
    Instant now = now();
    return sql.write(tx -> answers.once(tx, caller, now, SettingView.class, () -> rolledBack));
  }

  private SettingView rollBackNow(
      Caller caller, String key, @Nullable Long revision, Precondition precondition) {
    Setting setting = require(key);
    ConfigStore.Change change =
        config.history(stored(setting), ConfigStore.HISTORY).stream()
            .filter(found -> revision != null && found.revision() == revision)
            .findFirst()
            .orElseThrow(
                () ->
                    SkepException.field(
                        "/revision", "must be one of the revisions in this setting's history"));
    // A value that this version refuses is not brought back.
    @Nullable Long value =
        change.after() == null ? null : setting.checked(setting.parse(change.after()).orElse(null));
    return change(caller, setting, value, precondition);
  }

  private SettingView change(
      Caller caller, Setting setting, @Nullable Long value, Precondition precondition) {
    ConfigStore.Author author = new ConfigStore.Author(caller.name(), now());
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      ConfigStore.@Nullable Entry now = config.get(stored(setting));
      long revision = now == null ? ConfigStore.ABSENT : now.revision();
      precondition.check(revision);
      @Nullable String text = value == null ? null : Long.toString(value);
      if (Objects.equals(text, now == null ? null : now.value())) {
        return SettingView.of(setting, Known.orNull(now));
      }
      try {
        return SettingView.of(setting, Known.orNull(write(setting, text, revision, author)));
      } catch (ConfigStore.Conflict raced) {
        // Somebody else was first: his revision meets the precondition, or it does not.
        continue;
      }
    }
    throw new SkepException(
        ErrorCode.UNAVAILABLE, "config: too many others change " + setting.key() + " at once");
  }

  private ConfigStore.@Nullable Entry write(
      Setting setting, @Nullable String value, long expected, ConfigStore.Author author) {
    if (value != null) {
      return config.set(stored(setting), value, expected, author);
    }
    config.delete(stored(setting), expected, author);
    return null;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static Setting require(String key) {
    return Setting.of(key)
        .orElseThrow(
            () -> new SkepException(ErrorCode.NOT_FOUND, "There is no setting \"" + key + "\""));
  }

  private static String stored(Setting setting) {
    return CurrentSettings.PREFIX + setting.key();
  }
}
