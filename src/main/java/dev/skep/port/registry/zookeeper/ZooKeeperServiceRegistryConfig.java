package dev.skep.port.registry.zookeeper;

import dev.skep.common.Needed;
import dev.skep.port.zookeeper.ZooKeeperConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which replicas are alive, in ZooKeeper; by default where the coordinator's leases are.
 * docs/drivers/registry-zookeeper.md has the rest.
 */
@ConfigMapping(prefix = "skep.registry.zookeeper")
public interface ZooKeeperServiceRegistryConfig extends ZooKeeperConfig {

  /** As {@code skep.coordinator.zookeeper.servers}, which it is by default. */
  @Override
  @Needed
  @WithDefault("${skep.coordinator.zookeeper.servers:}")
  Optional<String> servers();

  /** As {@code skep.coordinator.zookeeper.tls}, which it is by default. */
  @Override
  @WithDefault("${skep.coordinator.zookeeper.tls:false}")
  boolean tls();

  /** As {@code skep.coordinator.zookeeper.user}, which it is by default. */
  @Override
  @WithDefault("${skep.coordinator.zookeeper.user:}")
  Optional<String> user();

  /** The password of the user. */
  @Override
  @WithDefault("${skep.coordinator.zookeeper.password:}")
  Optional<String> password();

  /** As {@code skep.coordinator.zookeeper.ca-certificate}. */
  @Override
  @WithDefault("${skep.coordinator.zookeeper.ca-certificate:}")
  Optional<Path> caCertificate();

  /** As {@code skep.coordinator.zookeeper.client-key}. */
  @Override
  @WithDefault("${skep.coordinator.zookeeper.client-key:}")
  Optional<Path> clientKey();

  /** As {@code skep.coordinator.zookeeper.prefix}, which it is by default. */
  @Override
  @WithDefault("${skep.coordinator.zookeeper.prefix:skep}")
  String prefix();

  /** As {@code skep.coordinator.zookeeper.tick-time}, which it is by default. */
  @Override
  @WithDefault("${skep.coordinator.zookeeper.tick-time:2s}")
  Duration tickTime();

  /**
   * How long a replica stays listed without a sign of life, 2 s to 5 min, but never less than the
   * servers' minSessionTimeout nor more than their maxSessionTimeout (4 s and 40 s as they come);
   * one that ends as it should goes at once.
   */
  @WithDefault("10s")
  Duration lease();
}
