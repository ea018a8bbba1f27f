package dev.skep.domain.outbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The events of changes, kept in the database beside them. */
@ConfigMapping(prefix = "skep.outbox")
public interface OutboxConfig {

  /**
   * How long an event is kept; 1 min or more. Longer than any transaction whose outcome has to be
   * found out, and than whoever reads events may be away.
   */
  @WithDefault("24h")
  Duration retention();
}
