package dev.skep.domain.settings;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.skep.port.config.ConfigStore;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A setting as administrators see it.
 *
 * @param allowed what it may hold, in words
 * @param revision 0 while it is at its default
 * @param changedAt absent while it is at its default
 */
public record SettingView(
    String key,
    long value,
    @JsonProperty("default") long defaultValue,
    String description,
    String allowed,
    long revision,
    @Nullable Instant changedAt,
    @Nullable String changedBy) {

  static SettingView of(Setting setting, ConfigStore.@Nullable Entry entry) {
    return new SettingView(
        setting.key(),
        setting.parse(entry == null ? null : entry.value()).orElse(setting.defaultValue()),
        setting.defaultValue(),
        setting.description(),
        setting.allowed(),
        entry == null ? ConfigStore.ABSENT : entry.revision(),
        entry == null ? null : entry.author().at(),
        entry == null ? null : entry.author().name());
  }
}
