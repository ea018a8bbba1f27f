package dev.skep.port.cache.redis;

import dev.skep.port.CannotOpen;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.RedisReplicas;
import io.vertx.redis.client.RedisRole;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the client is made of; says which setting makes no sense. */
final class RedisAccess {

  static final String KEY = "skep.cache.redis.";

  private static final Pattern SERVER =
      Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9a-fA-F:]+])(?::([0-9]{1,5}))?");
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._:-]{1,50}");

  private static final int LARGEST_PORT = 65_535;

  /** Callers that wait for a connection; more than that are told at once. */
  private static final int MOST_WAITING = 1_000;

  private RedisAccess() {}

  static RedisOptions options(RedisCacheConfig config) {
    requireSense(config);
    RedisOptions options =
        new RedisOptions()
            .setType(type(config.mode()))
            .setNetClientOptions(net(config))
            .setMaxPoolSize(config.connections())
            .setMaxPoolWaiting(MOST_WAITING)
            // What was just removed must not be read from a replica that does not know yet.
            .setUseReplicas(RedisReplicas.NEVER);
    if (config.mode() == RedisCacheConfig.Mode.SENTINEL) {
      options.setMasterName(config.masterName()).setRole(RedisRole.MASTER).setAutoFailover(true);
    }
    for (String server : config.servers().split(",", -1)) {
      options.addConnectionString(address(config, server.strip()));
    }
    return options;
  }

  private static void requireSense(RedisCacheConfig config) {
    require(
        PREFIX.matcher(config.prefix()).matches(),
        "prefix",
        "must be 1 to 50 characters of [A-Za-z0-9._:-]");
    require(
        config.connections() >= 1 && config.connections() <= 1_000,
        "connections",
        "must be 1 to 1000");
    require(
        within(config.timeout(), Duration.ofMillis(10), Duration.ofSeconds(10)),
        "timeout",
        "must be 10 ms to 10 s");
    require(
        within(config.pause(), Duration.ZERO, Duration.ofMinutes(1)),
        "pause",
        "must be at most 1 min");
    require(
        config.user().isEmpty() || config.password().isPresent(),
        "password",
        "is missing: " + KEY + "user is set");
    boolean one = config.mode() == RedisCacheConfig.Mode.STANDALONE;
    require(
        !one || !config.servers().contains(","),
        "servers",
        "must be one address, unless " + KEY + "mode is sentinel or cluster");
    require(config.ca().isEmpty() || config.tls(), "tls", "is false, but " + KEY + "ca is set");
  }

  private static String address(RedisCacheConfig config, String server) {
    Matcher parts = SERVER.matcher(server);
    require(
        parts.matches(),
        "servers",
        "must be host:port, several with commas between; a host has letters, digits, '.' and '-'");
    String port = parts.group(2) == null ? defaultPort(config) : parts.group(2);
    int number = Integer.parseInt(port);
    require(number >= 1 && number <= LARGEST_PORT, "servers", "has a port that is not 1 to 65535");
    String address =
        (config.tls() ? "rediss://" : "redis://") + logIn(config) + parts.group(1) + ":" + number;
    // The client takes the host out of a URI, which knows names that no URI has as none.
    require(hasHost(address), "servers", "has a name that no server can have");
    return address;
  }

  private static boolean hasHost(String address) {
    try {
      return new URI(address).getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static String defaultPort(RedisCacheConfig config) {
    return config.mode() == RedisCacheConfig.Mode.SENTINEL ? "26379" : "6379";
  }

  private static String logIn(RedisCacheConfig config) {
    return config
        .password()
        .map(password -> encoded(config.user().orElse("")) + ":" + encoded(password) + "@")
        .orElse("");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static NetClientOptions net(RedisCacheConfig config) {
    NetClientOptions net =
        new NetClientOptions()
            .setConnectTimeout((int) config.timeout().toMillis())
            .setTcpKeepAlive(true)
            .setTcpNoDelay(true);
    if (config.tls()) {
      net.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
      config.ca().ifPresent(file -> net.setPemTrustOptions(trust(file)));
    }
    return net;
  }

  private static PemTrustOptions trust(Path file) {
    require(Files.isReadable(file), "ca", file + " cannot be read");
    return new PemTrustOptions().addCertPath(file.toString());
  }

  private static RedisClientType type(RedisCacheConfig.Mode mode) {
    return switch (mode) {
      case STANDALONE -> RedisClientType.STANDALONE;
      case SENTINEL -> RedisClientType.SENTINEL;
      case CLUSTER -> RedisClientType.CLUSTER;
    };
  }

  private static boolean within(Duration value, Duration least, Duration most) {
    return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
  }

  private static void require(boolean right, String setting, String detail) {
    if (!right) {
      throw new CannotOpen(KEY + setting, detail, null);
    }
  }
}
