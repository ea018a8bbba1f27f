package dev.skep.domain.settings;

import dev.skep.port.config.ConfigStore;
import java.time.Instant;

/**
 * One change of a setting.
 *
 * @param revision the setting's revision after it
 * @param before the value before; the default where nobody had set it
 * @param after the value after; the default where it was deleted
 */
public record SettingChange(
    long revision, long before, long after, Instant changedAt, String changedBy) {

  static SettingChange of(Setting setting, ConfigStore.Change change) {
    return new SettingChange(
        change.revision(),
        setting.parse(change.before()).orElse(setting.defaultValue()),
        setting.parse(change.after()).orElse(setting.defaultValue()),
        change.author().at(),
        change.author().name());
  }
}
