package dev.skep.port.config.embedded;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Settings in one JSON file. */
@ConfigMapping(prefix = "skep.config.embedded")
public interface EmbeddedConfigStoreConfig {

  /** The folder of the settings; made where it is missing, used by one process at a time. */
  @WithDefault("${skep.data}/config")
  Path folder();
}
