package dev.skep.port.sql.embedded;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** SQLite in a folder of this machine. */
@ConfigMapping(prefix = "skep.sql.embedded")
public interface EmbeddedSqlConfig {

  /** The folder that holds the database; made when it is missing, used by one process at a time. */
  @WithDefault("${skep.data}/sql")
  Path folder();
}
