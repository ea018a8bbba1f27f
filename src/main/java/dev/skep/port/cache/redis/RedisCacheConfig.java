package dev.skep.port.cache.redis;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The cache in Redis 6 or newer, or in a server that speaks as it does. */
@ConfigMapping(prefix = "skep.cache.redis")
public interface RedisCacheConfig {

  /** How the servers stand together. */
  enum Mode {
    STANDALONE,
    SENTINEL,
    CLUSTER
  }

  /**
   * Where the servers are: `host:port`, or several with commas between. Of a cluster some nodes are
   * enough; for Sentinel these are the Sentinels; else it is one.
   */
  @WithDefault("127.0.0.1:6379")
  String servers();

  /** How the servers stand together: `standalone`, `sentinel` or `cluster`. */
  @WithDefault("standalone")
  Mode mode();

  /** The name under which the Sentinels watch the server. */
  @WithDefault("mymaster")
  String masterName();

  /** The user to log in as (ACL); wants `skep.cache.redis.password`. */
  Optional<String> user();

  /** The password, of the user or of the server; Sentinels that want one must have the same. */
  Optional<String> password();

  /**
   * Whether connections are encrypted: then the server's certificate must be valid and name the
   * host of its address.
   */
  @WithDefault("false")
  boolean tls();

  /**
   * A PEM file of the authorities that may have signed the server's certificate, instead of those
   * that Java trusts.
   */
  Optional<Path> ca();

  /**
   * What all keys begin with, and a colon; installations that share a server need different ones.
   */
  @WithDefault("skep")
  String prefix();

  /** The most connections that this replica holds to one server at once; 1 to 1,000. */
  @WithDefault("16")
  int connections();

  /** How long a caller waits for an answer before he goes on without the cache; 10 ms to 10 s. */
  @WithDefault("500ms")
  Duration timeout();

  /**
   * For how long nobody waits after an answer did not come in time; then one caller tries again; at
   * most 1 min.
   */
  @WithDefault("1s")
  Duration pause();
}
