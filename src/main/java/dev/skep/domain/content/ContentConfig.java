package dev.skep.domain.content;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long blobs wait for each step of their life (P6). */
@ConfigMapping(prefix = "skep.content")
public interface ContentConfig {

  /** How long an announced blob may wait to be named; uploads that take longer renew it. */
  @WithDefault("1h")
  Duration announceDeadline();

  /** How many blobs a replica announces in one transaction. */
  @WithDefault("100")
  int announceBatch();

  /**
   * How long a blob that nothing names any more is kept: longer than any download or backup takes.
   */
  @WithDefault("24h")
  Duration grace();

  /** How often the sweeper looks for blobs and purged nodes to remove. */
  @WithDefault("1m")
  Duration sweepInterval();
}
