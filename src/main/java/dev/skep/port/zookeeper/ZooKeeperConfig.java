package dev.skep.port.zookeeper;

import dev.skep.common.Needed;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What each driver on ZooKeeper is told about its servers; every port has keys of its own. */
public interface ZooKeeperConfig {

  /**
   * The client addresses of the ZooKeeper servers, {@code host:port}, separated by commas. Name all
   * members: when one fails, the next is asked.
   */
  @Needed
  Optional<String> servers();

  /** Whether to speak TLS; the ports of {@code servers} are then those of secureClientPort. */
  @WithDefault("false")
  boolean tls();

  /**
   * The user to log in as (scheme {@code digest}). Everything that Skep makes then belongs to this
   * user and password, and nobody else can read or change it. Without a user it is open to
   * everybody who reaches the servers.
   */
  Optional<String> user();

  /** The password of the user. */
  Optional<String> password();

  /**
   * A PEM file with the certificates of the authorities that may have signed the servers'; without
   * it those that Java trusts count. For TLS only.
   */
  Optional<Path> caCertificate();

  /**
   * A PEM file with a private key (PKCS #8) followed by its certificate, which Skep shows to the
   * servers, for mutual TLS.
   */
  Optional<Path> clientKey();

  /**
   * The node under which everything of this installation lies, 1 to 100 characters of {@code
   * [A-Za-z0-9_-]}, with slashes between several. All replicas of an installation use the same; two
   * installations on the same servers use different ones.
   */
  @WithDefault("skep")
  String prefix();

  /**
   * The servers' {@code tickTime}, 100 ms to 10 s, by which they count the ends of sessions. One
   * that is too short here makes holders believe in a lease for too long.
   */
  @WithDefault("2s")
  Duration tickTime();

  /** How long one operation may take, 1 s to 1 min; then it fails as unavailable. */
  @WithDefault("5s")
  Duration timeOut();
}
