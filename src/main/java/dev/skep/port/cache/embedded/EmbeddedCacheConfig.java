package dev.skep.port.cache.embedded;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The cache in this process' memory. */
@ConfigMapping(prefix = "skep.cache.embedded")
public interface EmbeddedCacheConfig {

  /** How many bytes of memory cached values may take together; at least 2 MiB. */
  @WithDefault("33554432")
  long maxBytes();

  /** How many counters (of throttled log-ins, for instance) are kept at once; at least 1,000. */
  @WithDefault("100000")
  long maxCounters();
}
