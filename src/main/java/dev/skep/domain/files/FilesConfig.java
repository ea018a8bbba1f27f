package dev.skep.domain.files;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Limits of files. */
@ConfigMapping(prefix = "skep.files")
public interface FilesConfig {

  /** The largest content that one upload may store, in bytes. The default is 1 TiB. */
  @WithDefault("1099511627776")
  long maxUploadBytes();
}
