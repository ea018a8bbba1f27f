package dev.skep.port.pubsub.nats;

import dev.skep.port.CannotOpen;
import dev.skep.port.pubsub.Subject;
import io.nats.client.Options;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The client's options, made of settings that were checked. */
final class NatsOptions {

  static final String CA = "skep.pubsub.nats.ca";
  static final String SERVERS = "skep.pubsub.nats.servers";

  private static final String KEY = "skep.pubsub.nats.";
  private static final int LEAST_PENDING = 10;
  private static final int MAX_PREFIX = 50;
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** A round of vain attempts at all servers is followed by this pause and up to as much again. */
  private static final Duration RECONNECT_WAIT = Duration.ofMillis(250);

  private static final int MAX_PINGS_OUT = 3;

  /** Hints that wait to be written; what comes while as many wait is dropped. */
  private static final int MAX_OUTGOING = 10_000;

  /** Hints that are kept for the server while it is away; what comes after them is dropped. */
  private static final long RECONNECT_BUFFER = 1 << 20;

  /** Bounds the wait of a publisher while the client's own threads have the queue. */
  private static final Duration PUSH = Duration.ofMillis(100);

  private NatsOptions() {}

  /**
   * @throws CannotOpen when a setting cannot be right
   */
  static Options.Builder of(NatsPubSubConfig config) {
    List<String> servers = servers(config);
    checkPrefix(config.prefix());
    if (config.maxPending() < LEAST_PENDING) {
      throw new CannotOpen(
          KEY + "max-pending",
          "must be at least " + LEAST_PENDING + ", not " + config.maxPending(),
          null);
    }
    checkDuration("connect-timeout", config.connectTimeout());
    checkDuration("timeout", config.timeout());
    checkDuration("ping-interval", config.pingInterval());
    Options.Builder options =
        Options.builder()
            .servers(servers.toArray(String[]::new))
            .connectionName("skep")
            .ignoreDiscoveredServers()
            // keeps the name, which the server's certificate is compared with
            .hostnameResolveMode(Options.HostnameResolveMode.HappyEyeballs)
            .connectionTimeout(config.connectTimeout())
            .socketWriteTimeout(config.connectTimeout().plus(config.pingInterval()))
            .pingInterval(config.pingInterval())
            .maxPingsOut(MAX_PINGS_OUT)
            .maxReconnects(-1)
            .reconnectWait(RECONNECT_WAIT)
            .reconnectJitter(RECONNECT_WAIT)
            .reconnectJitterTls(RECONNECT_WAIT)
            .reconnectBufferSize(RECONNECT_BUFFER)
            .maxMessagesInOutgoingQueue(MAX_OUTGOING)
            .discardMessagesWhenOutgoingQueueFull()
            .writeQueuePushTimeout(PUSH);
    logIn(config, options);
    trust(config, servers, options);
    return options;
  }

  /** The addresses, each with its scheme. */
  static List<String> servers(NatsPubSubConfig config) {
    List<String> servers =
        Arrays.stream(config.servers().split(","))
            .map(String::strip)
            .filter(s -> !s.isEmpty())
            .toList();
    if (servers.isEmpty()) {
      throw new CannotOpen(SERVERS, "names no server, such as nats://127.0.0.1:4222", null);
    }
    servers.forEach(NatsOptions::checkServer);
    if (servers.stream().map(NatsOptions::isSecure).distinct().count() > 1) {
      throw new CannotOpen(SERVERS, "mixes nats:// and tls://; use one for all", null);
    }
    return servers;
  }

  private static void checkServer(String server) {
    try {
      URI uri = new URI(server);
      if (uri.getUserInfo() != null) {
        // not repeated here: it may hold a password
        throw new CannotOpen(
            SERVERS, "holds a log-in; move it to %suser and %spassword".formatted(KEY, KEY), null);
      }
      if (Set.of("nats", "tls").contains(String.valueOf(uri.getScheme()))
          && uri.getHost() != null
          && uri.getRawPath().isEmpty()
          && uri.getQuery() == null) {
        return;
      }
    } catch (URISyntaxException e) {
      // told below, without what was written: it may hold a password
    }
    throw new CannotOpen(
        SERVERS, "each address must look like nats://host:4222 or tls://host:4222", null);
  }

  private static boolean isSecure(String server) {
    return server.startsWith("tls://");
  }

  private static void checkPrefix(String prefix) {
    if (prefix.length() > MAX_PREFIX || !Subject.isOne(prefix)) {
      throw new CannotOpen(
          KEY + "prefix",
          "must be words of [a-z0-9_-] joined by dots, at most %d characters, not '%s'"
              .formatted(MAX_PREFIX, prefix),
          null);
    }
  }

  private static void checkDuration(String name, Duration duration) {
    if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
      throw new CannotOpen(
          KEY + name, "must be 100 ms to 1 min, not " + duration.toMillis() + " ms", null);
    }
  }

  private static void logIn(NatsPubSubConfig config, Options.Builder options) {
    if (config.token().isPresent()) {
      if (config.user().isPresent() || config.password().isPresent()) {
        throw new CannotOpen(
            KEY + "token", "cannot go with a user and password; remove one of the two", null);
      }
      options.token(config.token().get().toCharArray());
      return;
    }
    if (config.user().isPresent() != config.password().isPresent()) {
      String missing = config.user().isPresent() ? "password" : "user";
      throw new CannotOpen(KEY + missing, "missing; user and password go together", null);
    }
    if (config.user().isPresent()) {
      options.userInfo(
          config.user().get().toCharArray(), config.password().orElseThrow().toCharArray());
    }
  }

  private static void trust(
      NatsPubSubConfig config, List<String> servers, Options.Builder options) {
    if (isSecure(servers.getFirst())) {
      options.sslContext(ServerTrust.context(CA, config.ca().orElse(null)));
    } else if (config.ca().isPresent()) {
      throw new CannotOpen(
          CA, "is set, but %s does not ask for TLS: write tls:// there".formatted(SERVERS), null);
    }
  }

  /** The key to name when the servers refuse the log-in. */
  static String logInKey(NatsPubSubConfig config) {
    if (config.token().isPresent()) {
      return KEY + "token";
    }
    return KEY + (config.user().isPresent() ? "password" : "user");
  }
}
