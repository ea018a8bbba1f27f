package dev.skep.port.sql.mysql;

import dev.skep.port.CannotOpen;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server's address. */
record Endpoint(String host, int port) {

  static final String KEY = "skep.sql.mysql.endpoints";

  private static final int DEFAULT_PORT = 3306;
  private static final int LARGEST_PORT = 65_535;
  private static final Pattern ADDRESS =
      Pattern.compile("(?:\\[([0-9a-fA-F:]+)]|([^\\[\\]:/@\\s]+))(?::(\\d{1,5}))?");

  /** The addresses of a setting, at least one. */
  static List<Endpoint> listOf(String setting) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String each : setting.split(",", -1)) {
      endpoints.add(of(each.strip()));
    }
    return List.copyOf(endpoints);
  }

  private static Endpoint of(String address) {
    Matcher parts = ADDRESS.matcher(address);
    if (!parts.matches()) {
      throw wrong();
    }
    String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
    int port = parts.group(3) == null ? DEFAULT_PORT : Integer.parseInt(parts.group(3));
    if (port < 1 || port > LARGEST_PORT) {
      throw wrong();
    }
    return new Endpoint(host, port);
  }

  /** Does not repeat the value: somebody may have put a password into an address. */
  private static CannotOpen wrong() {
    return new CannotOpen(
        KEY, "not a list of addresses. Write host:port, several with commas between", null);
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
