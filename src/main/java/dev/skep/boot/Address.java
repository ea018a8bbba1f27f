package dev.skep.boot;

import java.util.Objects;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Where this replica listens, as Quarkus knows it by now: the system may have chosen the port. */
final class Address {

  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "::1");
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::");

  private Address() {}

  /** For a person at this machine. */
  static String here() {
    String host = host();
    return url(THIS_MACHINE.contains(host) || EVERYWHERE.contains(host) ? "localhost" : host);
  }

  /** For other machines, as far as it can be known. */
  static String ofThisReplica() {
    String host = host();
    return EVERYWHERE.contains(host)
        ? url(Objects.requireNonNullElse(System.getenv("HOSTNAME"), "localhost"))
        : url(host);
  }

  private static String url(String host) {
    int port = config().getValue("quarkus.http.port", Integer.class);
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  private static String host() {
    return config().getValue("quarkus.http.host", String.class);
  }

  private static Config config() {
    return ConfigProvider.getConfig();
  }
}
