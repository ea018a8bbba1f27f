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
 * @param changedAt absent while it is at its default, and where only the last known value is left
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

  static SettingView of(Setting setting, @Nullable Known known) {
    ConfigStore.@Nullable Author author = known == null ? null : known.author();
    return new SettingView(
        setting.key(),
        setting.parse(known == null ? null : known.value()).orElse(setting.defaultValue()),
        setting.defaultValue(),
        setting.description(),
        setting.allowed(),
        known == null ? ConfigStore.ABSENT : known.revision(),
        author == null ? null : author.at(),
        author == null ? null : author.name());
  }
}
