package dev.skep.port.registry.etcd;

import dev.skep.port.etcd.EtcdConfigByDefault;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Which replicas are alive, in etcd; by default where the settings are. */
@ConfigMapping(prefix = "skep.registry.etcd")
public interface EtcdServiceRegistryConfig extends EtcdConfigByDefault {

  /**
   * How long a replica stays listed without a sign of life, 2 s to 5 min; one that ends as it
   * should goes at once.
   */
  @WithDefault("10s")
  Duration lease();
}
