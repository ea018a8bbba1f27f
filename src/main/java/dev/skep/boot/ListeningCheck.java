package dev.skep.boot;

import dev.skep.port.Redacted;
import io.smallrye.config.SmallRyeConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the replica is to listen: keys of Quarkus, which would end a start with a wrong one by a
 * stack trace.
 */
final class ListeningCheck {

  private static final String HOST = "quarkus.http.host";
  private static final String PORT = "quarkus.http.port";
  private static final int LARGEST_PORT = 65_535;

  private ListeningCheck() {}

  static List<String> problems(SmallRyeConfig config) {
    return Stream.of(
            value(config, PORT).flatMap(ListeningCheck::wrongPort),
            value(config, HOST).flatMap(ListeningCheck::wrongHost))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<String> value(SmallRyeConfig config, String key) {
    return Optional.ofNullable(config.getConfigValue(key).getValue());
  }

  private static Optional<String> wrongPort(String value) {
    try {
      int port = Integer.parseInt(value.strip());
      if (port >= 0 && port <= LARGEST_PORT) {
        return Optional.empty();
      }
    } catch (NumberFormatException e) {
      // said below
    }
    return Optional.of(
        "%s=%s: not a port. Use 1 to 65535, or 0 for any that is free."
            .formatted(PORT, Redacted.address(value)));
  }

  private static Optional<String> wrongHost(String value) {
    String key = HOST + "=" + Redacted.address(value);
    if (value.isEmpty() || !value.chars().allMatch(ListeningCheck::isOfAName)) {
      return Optional.of(
          key
              + ": not a host. Use a name or an address alone, such as 127.0.0.1, or 0.0.0.0 for all"
              + " networks.");
    }
    try {
      InetAddress.getByName(value);
      return Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.of(key + ": no address is known for this name.");
    }
  }

  private static boolean isOfAName(int c) {
    return c > ' ' && c < 0x7f && "/@?#\\\"".indexOf(c) < 0;
  }
}
