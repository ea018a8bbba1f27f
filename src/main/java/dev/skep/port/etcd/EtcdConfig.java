package dev.skep.port.etcd;

import dev.skep.common.Needed;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What each driver on etcd is told about its servers; every port has keys of its own. */
public interface EtcdConfig {

  /**
   * The client addresses of the etcd members, separated by commas, as {@code host:port}, {@code
   * http://host:port} or, for TLS, {@code https://host:port}. Name all members: when one fails, the
   * next is asked.
   */
  @Needed
  Optional<String> endpoints();

  /** The user of etcd to log in as; needed where etcd has authentication on. */
  Optional<String> user();

  /** The password of the user. */
  Optional<String> password();

  /**
   * A PEM file with the certificates of the authorities that may have signed the servers'; without
   * it those that Java trusts count. For {@code https://} only.
   */
  Optional<Path> caCertificate();

  /** A PEM file with the certificate that Skep shows to the servers, for mutual TLS. */
  Optional<Path> clientCertificate();

  /** A PEM file with the private key (PKCS #8) of the client certificate. */
  Optional<Path> clientKey();

  /**
   * What every key in etcd begins with, 1 to 100 characters of {@code [A-Za-z0-9._/-]}. All
   * replicas of an installation use the same; two installations on one etcd use different ones.
   */
  @WithDefault("skep/")
  String prefix();

  /** How long one operation may take, 1 s to 1 min; then it fails as unavailable. */
  @WithDefault("5s")
  Duration timeOut();
}
