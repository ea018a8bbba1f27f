package dev.skep.domain.duty;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Background work of this replica. */
@ConfigMapping(prefix = "skep.duties")
public interface DutiesConfig {

  /**
   * How long a replica keeps a shard of background work without a sign of life, before another one
   * takes it over; 1 s to 5 min.
   */
  @WithDefault("10s")
  Duration lease();
}
