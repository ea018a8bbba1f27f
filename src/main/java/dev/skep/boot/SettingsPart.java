package dev.skep.boot;

import dev.skep.domain.settings.CurrentSettings;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;

/** The settings that this replica goes by, known before anything acts on them. */
@Singleton
@Priority(200)
final class SettingsPart implements Part {

  private final CurrentSettings settings;

  SettingsPart(CurrentSettings settings) {
    this.settings = settings;
  }

  @Override
  public void start() {
    settings.start();
  }

  @Override
  public void stop() {
    settings.stop();
  }
}
