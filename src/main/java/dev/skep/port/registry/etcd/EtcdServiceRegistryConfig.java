package dev.skep.port.registry.etcd;

import dev.skep.common.Needed;
import dev.skep.port.etcd.EtcdConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Which replicas are alive, in etcd; by default where the settings are. */
@ConfigMapping(prefix = "skep.registry.etcd")
public interface EtcdServiceRegistryConfig extends EtcdConfig {

  /** As {@code skep.config.etcd.endpoints}, which it is by default. */
  @Override
  @Needed
  @WithDefault("${skep.config.etcd.endpoints:}")
  Optional<String> endpoints();

  /** The user of etcd to log in as. */
  @Override
  @WithDefault("${skep.config.etcd.user:}")
  Optional<String> user();

  /** The password of the user. */
  @Override
  @WithDefault("${skep.config.etcd.password:}")
  Optional<String> password();

  /** As {@code skep.config.etcd.ca-certificate}. */
  @Override
  @WithDefault("${skep.config.etcd.ca-certificate:}")
  Optional<Path> caCertificate();

  /** As {@code skep.config.etcd.client-certificate}. */
  @Override
  @WithDefault("${skep.config.etcd.client-certificate:}")
  Optional<Path> clientCertificate();

  /** As {@code skep.config.etcd.client-key}. */
  @Override
  @WithDefault("${skep.config.etcd.client-key:}")
  Optional<Path> clientKey();

  /** As {@code skep.config.etcd.prefix}, which it is by default. */
  @Override
  @WithDefault("${skep.config.etcd.prefix:skep/}")
  String prefix();

  /**
   * How long a replica stays listed without a sign of life, 2 s to 5 min; one that ends as it
   * should goes at once.
   */
  @WithDefault("10s")
  Duration lease();
}
