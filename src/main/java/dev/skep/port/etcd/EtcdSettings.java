package dev.skep.port.etcd;

import com.google.protobuf.ByteString;
import dev.skep.port.CannotOpen;
import dev.skep.port.Redacted;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The checked settings of one port's driver.
 *
 * @param port its word, for keys and messages: {@code config}
 * @param tls whether the endpoints are https
 * @param prefix of all keys of this port, ends with a slash
 */
public record EtcdSettings(
    String port,
    List<Address> endpoints,
    boolean tls,
    Optional<String> user,
    Optional<String> password,
    Optional<Path> caCertificate,
    Optional<Path> clientCertificate,
    Optional<Path> clientKey,
    String prefix,
    Duration timeOut) {

  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._/-]{1,100}");
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** Where a member listens for clients. */
  public record Address(String host, int port) {

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /**
   * @throws CannotOpen when a setting is not what it should be
   */
  public static EtcdSettings of(String port, EtcdConfig config) {
    List<URI> uris = uris(port, config.endpoints().orElse(""));
    boolean tls = uris.getFirst().getScheme().equals("https");
    if (uris.stream().anyMatch(uri -> uri.getScheme().equals("https") != tls)) {
      throw refuse(port, "endpoints", "either all or none of the addresses begin with https://");
    }
    if (config.user().isPresent() != config.password().isPresent()) {
      throw config.user().isPresent()
          ? refuse(port, "password", "missing, though a user is set. Set both, or none")
          : refuse(port, "user", "missing, though a password is set. Set both, or none");
    }
    if (config.clientCertificate().isPresent() != config.clientKey().isPresent()) {
      throw config.clientKey().isPresent()
          ? refuse(port, "client-certificate", "missing, though its key is set. Set both, or none")
          : refuse(port, "client-key", "missing, though its certificate is set. Set both, or none");
    }
    if (config.timeOut().compareTo(SHORTEST) < 0 || config.timeOut().compareTo(LONGEST) > 0) {
      throw refuse(port, "time-out", "must be 1s to 1m, not " + config.timeOut());
    }
    if (!PREFIX.matcher(config.prefix()).matches()) {
      throw refuse(
          port, "prefix", "must be 1 to 100 characters of [A-Za-z0-9._/-], not " + config.prefix());
    }
    String prefix = config.prefix().endsWith("/") ? config.prefix() : config.prefix() + "/";
    return new EtcdSettings(
        port,
        uris.stream().map(uri -> new Address(uri.getHost(), uri.getPort())).toList(),
        tls,
        config.user(),
        config.password(),
        config.caCertificate(),
        config.clientCertificate(),
        config.clientKey(),
        prefix + port + "/",
        config.timeOut());
  }

  /** A key of this port's part of etcd. */
  public ByteString key(String name) {
    return ByteString.copyFromUtf8(prefix + name);
  }

  /** What to throw when a setting is wrong, or what it names. */
  public CannotOpen refuse(String setting, String detail) {
    return refuse(port, setting, detail);
  }

  CannotOpen refuse(String setting, String detail, @Nullable Throwable cause) {
    return new CannotOpen(key(port, setting), detail, cause);
  }

  /** The same of settings that may be wrong. */
  public static String target(String port, EtcdConfig config) {
    try {
      return of(port, config).target();
    } catch (CannotOpen e) {
      return Redacted.address(config.endpoints().orElse("?"));
    }
  }

  /** For the report of the start: the addresses and the prefix, no secret. */
  public String target() {
    return (tls ? "https://" : "http://")
        + String.join(",", endpoints.stream().map(Address::toString).toList())
        + " "
        + prefix;
  }

  /** Keeps the password out of whatever prints it. */
  @Override
  public String toString() {
    return target();
  }

  private static List<URI> uris(String port, String endpoints) {
    List<URI> uris = new ArrayList<>();
    for (String each : Arrays.stream(endpoints.split(",", -1)).map(String::strip).toList()) {
      try {
        URI uri = new URI(each.contains("://") ? each : "http://" + each);
        boolean http = uri.getScheme().equals("http") || uri.getScheme().equals("https");
        boolean bare = uri.getUserInfo() == null && uri.getQuery() == null;
        if (!http || !bare || uri.getHost() == null || uri.getPort() < 1 || !noPath(uri)) {
          throw refuse(port, "endpoints", notAnAddress(endpoints, each));
        }
        uris.add(uri);
      } catch (URISyntaxException e) {
        throw refuse(port, "endpoints", notAnAddress(endpoints, each));
      }
    }
    return uris;
  }

  private static boolean noPath(URI uri) {
    return uri.getPath() == null || uri.getPath().isEmpty() || uri.getPath().equals("/");
  }

  /** A piece of a log-in with a comma is not repeated, so all is left out where there is one. */
  private static String notAnAddress(String endpoints, String each) {
    String which = endpoints.contains("@") ? "one" : Redacted.address(each);
    return "must be addresses such as http://etcd-0:2379,http://etcd-1:2379; "
        + (each.isEmpty() ? "one is empty" : which + " is none");
  }

  private static CannotOpen refuse(String port, String setting, String detail) {
    return new CannotOpen(key(port, setting), detail, null);
  }

  private static String key(String port, String setting) {
    return "skep." + port + ".etcd." + setting;
  }
}
