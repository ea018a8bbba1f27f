package dev.skep.port.zookeeper;

import dev.skep.port.CannotOpen;
import dev.skep.port.Redacted;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.jspecify.annotations.Nullable;

/**
 * The checked settings of one port's driver.
 *
 * @param port its word, for keys and messages: {@code registry}
 * @param root the node of this port: {@code /skep/registry}
 */
public record ZooKeeperSettings(
    String port,
    List<Address> servers,
    boolean tls,
    Optional<String> user,
    Optional<String> password,
    Optional<Path> caCertificate,
    Optional<Path> clientKey,
    String root,
    Duration tickTime,
    Duration timeOut) {

  private static final Pattern PREFIX = Pattern.compile("/?[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*/?");
  private static final int LONGEST_PREFIX = 100;
  private static final Pattern ADDRESS =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\]):([0-9]{1,5})");
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Duration SHORTEST_TICK = Duration.ofMillis(100);
  private static final Duration LONGEST_TICK = Duration.ofSeconds(10);

  /** Where a server listens for clients. */
  public record Address(String host, int port) {

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /**
   * @throws CannotOpen when a setting is not what it should be
   */
  public static ZooKeeperSettings of(String port, ZooKeeperConfig config) {
    List<Address> servers =
        Arrays.stream(config.servers().orElse("").split(",", -1))
            .map(each -> address(port, config.servers().orElse(""), each.strip()))
            .toList();
    if (config.user().isPresent() != config.password().isPresent()) {
      throw config.user().isPresent()
          ? refuse(port, "password", "missing, though a user is set. Set both, or none")
          : refuse(port, "user", "missing, though a password is set. Set both, or none");
    }
    if (config.user().orElse("").contains(":")) {
      throw refuse(port, "user", "must not hold a colon, which ends it in ZooKeeper");
    }
    checkTls(port, config);
    between(port, "time-out", config.timeOut(), SHORTEST, LONGEST, "1s to 1m");
    between(port, "tick-time", config.tickTime(), SHORTEST_TICK, LONGEST_TICK, "100ms to 10s");
    return new ZooKeeperSettings(
        port,
        servers,
        config.tls(),
        config.user(),
        config.password(),
        config.caCertificate(),
        config.clientKey(),
        root(port, config.prefix()),
        config.tickTime(),
        config.timeOut());
  }

  private static void checkTls(String port, ZooKeeperConfig config) {
    if (config.tls()) {
      return;
    }
    if (config.caCertificate().isPresent()) {
      throw refuse(port, "tls", "must be true when ca-certificate is set");
    }
    if (config.clientKey().isPresent()) {
      throw refuse(port, "tls", "must be true when client-key is set");
    }
  }

  private static void between(
      String port, String setting, Duration value, Duration least, Duration most, String bounds) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw refuse(port, setting, "must be " + bounds + ", not " + value);
    }
  }

  private static String root(String port, String prefix) {
    boolean reserved = prefix.matches("/?zookeeper(/.*)?");
    if (prefix.length() > LONGEST_PREFIX || reserved || !PREFIX.matcher(prefix).matches()) {
      throw refuse(
          port,
          "prefix",
          "must be 1 to 100 characters of [A-Za-z0-9_-], with single slashes between parts, and not"
              + " below ZooKeeper's own node; not "
              + prefix);
    }
    String inner = prefix.startsWith("/") ? prefix.substring(1) : prefix;
    String bare = inner.endsWith("/") ? inner.substring(0, inner.length() - 1) : inner;
    return "/" + bare + "/" + port;
  }

  /** A piece of a log-in with a comma is not repeated, so all is left out where there is one. */
  private static Address address(String port, String all, String each) {
    Matcher matcher = ADDRESS.matcher(each);
    if (!matcher.matches()
        || Integer.parseInt(matcher.group(2)) < 1
        || Integer.parseInt(matcher.group(2)) > 65_535) {
      throw refuse(
          port,
          "servers",
          "must be addresses such as zk-0:2181,zk-1:2181; "
              + (each.isEmpty()
                  ? "one is empty"
                  : all.contains("@") ? "one is none" : Redacted.address(each) + " is none"));
    }
    return new Address(matcher.group(1), Integer.parseInt(matcher.group(2)));
  }

  /** A node of this port. */
  public String path(String name) {
    return root + "/" + name;
  }

  /**
   * Who may do what with the nodes that Skep makes: whoever has the password, and not whoever made
   * them, since that would be whoever shows the same certificate too.
   */
  public List<ACL> acl() {
    return user.map(name -> new Id("digest", name + ":" + hash(logIn().orElseThrow())))
        // ZooKeeper asks whether it contains null, which a list of List.of refuses.
        .map(owner -> Collections.singletonList(new ACL(ZooDefs.Perms.ALL, owner)))
        .orElse(ZooDefs.Ids.OPEN_ACL_UNSAFE);
  }

  /** As the servers name the owner of a node, by their digestAlg as it comes. */
  private static String hash(byte[] logIn) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(logIn));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As ZooKeeper's client takes them. */
  String connectString() {
    return String.join(",", servers.stream().map(Address::toString).toList());
  }

  /** What the scheme {@code digest} takes; empty without a user. */
  Optional<byte[]> logIn() {
    return user.map(name -> (name + ":" + password.orElseThrow()).getBytes(StandardCharsets.UTF_8));
  }

  /** What to throw when a setting is wrong, or what it names. */
  public CannotOpen refuse(String setting, String detail) {
    return refuse(port, setting, detail);
  }

  CannotOpen refuse(String setting, String detail, @Nullable Throwable cause) {
    return new CannotOpen(key(port, setting), detail, cause);
  }

  /** The same of settings that may be wrong. */
  public static String target(String port, ZooKeeperConfig config) {
    try {
      return of(port, config).target();
    } catch (CannotOpen e) {
      return Redacted.address(config.servers().orElse("?"));
    }
  }

  /** For the report of the start: the addresses and the node, no secret. */
  public String target() {
    return connectString() + (tls ? " (TLS) " : " ") + root;
  }

  /** Keeps the password out of whatever prints it. */
  @Override
  public String toString() {
    return target();
  }

  private static CannotOpen refuse(String port, String setting, String detail) {
    return new CannotOpen(key(port, setting), detail, null);
  }

  static String key(String port, String setting) {
    return "skep." + port + ".zookeeper." + setting;
  }
}
