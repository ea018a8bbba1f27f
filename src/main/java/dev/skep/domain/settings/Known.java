package dev.skep.domain.settings;

import dev.skep.port.config.ConfigStore;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a setting that somebody set.
 *
 * @param author absent where only the copy in {@code sql} is left, which does not keep him
 */
record Known(String value, long revision, ConfigStore.@Nullable Author author) {

  static Known of(ConfigStore.Entry entry) {
    return new Known(entry.value(), entry.revision(), entry.author());
  }

  static @Nullable Known orNull(ConfigStore.@Nullable Entry entry) {
    return entry == null ? null : of(entry);
  }
}
