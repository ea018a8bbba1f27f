package dev.skep.testkit.server;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A server that the tester provides by {@code SKEP_TEST_<NAME>_URL}, with credentials in the URL or
 * in {@code …_USER} and {@code …_PASSWORD}: to run a contract on, not to be killed, frozen or
 * filled.
 *
 * @param variable the name of the variable that gave it
 * @param scheme of the URL, without {@code jdbc:}
 * @param path of the URL, without its first slash
 */
public record GivenServer(
    String variable,
    String scheme,
    String host,
    int port,
    String path,
    Optional<String> user,
    Optional<String> password) {

  /**
   * The one named so, such as {@code REDIS}, or a container where its program is not installed but
   * a Docker engine answers; null when there is none.
   */
  public static @Nullable GivenServer named(String name, int usualPort) {
    GivenServer given = of(System.getenv(), name, usualPort);
    if (given != null) {
      return given;
    }
    return Containers.url(name)
        .map(url -> of(Map.of(variable(name), url), name, usualPort))
        .orElse(null);
  }

  /** The name of the variable. */
  public static String variable(String name) {
    return "SKEP_TEST_" + name + "_URL";
  }

  static @Nullable GivenServer of(Map<String, String> environment, String name, int usualPort) {
    String variable = variable(name);
    String url = environment.getOrDefault(variable, "");
    if (url.isBlank()) {
      return null;
    }
    URI uri = URI.create(url.strip().replaceFirst("^jdbc:", ""));
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(variable + " is not scheme://user:password@host:port");
    }
    String[] logIn = uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":");
    return new GivenServer(
        variable,
        uri.getScheme(),
        uri.getHost(),
        uri.getPort() < 0 ? usualPort : uri.getPort(),
        uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", ""),
        first(part(logIn, 0), query(uri, "user"), environment.get(beside(name, "USER"))),
        first(part(logIn, 1), query(uri, "password"), environment.get(beside(name, "PASSWORD"))));
  }

  /** Whether its URL wants TLS. */
  public boolean tls() {
    return scheme.equals("https") || scheme.equals("rediss") || scheme.equals("tls");
  }

  /** Aborts a test that wants to stop, freeze or fill the server. */
  public static <T> T notOurs(String name) {
    return Assumptions.abort(
        "the server of "
            + variable(name)
            + ", or the container in its place, is not ours to stop, to freeze or to fill");
  }

  private static String beside(String name, String what) {
    return "SKEP_TEST_" + name + "_" + what;
  }

  private static @Nullable String part(String[] parts, int index) {
    return parts.length > index ? decoded(parts[index]) : null;
  }

  /** As JDBC has them. */
  private static @Nullable String query(URI uri, String name) {
    return uri.getRawQuery() == null
        ? null
        : Arrays.stream(uri.getRawQuery().split("&"))
            .filter(each -> each.startsWith(name + "="))
            .map(each -> decoded(each.substring(name.length() + 1)))
            .findFirst()
            .orElse(null);
  }

  /** A plus is a plus there, unlike in a form. */
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static Optional<String> first(@Nullable String... candidates) {
    return Arrays.stream(candidates).filter(each -> each != null && !each.isEmpty()).findFirst();
  }
}
