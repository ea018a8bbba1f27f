package dev.skep.port.pubsub.embedded;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Hints within this process. */
@ConfigMapping(prefix = "skep.pubsub.embedded")
public interface EmbeddedPubSubConfig {

  /**
   * How many hints may wait for one slow subscriber before they are dropped, and it is told to look
   * again; at least 10.
   */
  @WithDefault("1000")
  int maxPending();
}
