package dev.skep.port.etcd;

import dev.skep.common.Needed;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** As {@link EtcdConfig}, by default with what the port {@code config} is told. */
public interface EtcdConfigByDefault extends EtcdConfig {

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
}
