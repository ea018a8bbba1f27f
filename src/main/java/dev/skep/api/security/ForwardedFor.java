package dev.skep.api.security;

import io.smallrye.common.net.Inet;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hops that {@code Forwarded} (RFC 7239) and {@code X-Forwarded-For} list, the client first.
 * Reads each character once. A hop that names no IP address is {@link #UNKNOWN}.
 */
final class ForwardedFor {

  static final String UNKNOWN = "unknown";

  private static final int LONGEST_ADDRESS = 64;

  private ForwardedFor() {}

  /** The hops of {@code X-Forwarded-For}, whose lines form one list. */
  static List<String> listed(List<String> lines) {
    List<String> hops = new ArrayList<>();
    for (String line : lines) {
      for (String hop : line.split(",")) {
        hops.add(hop.strip());
      }
    }
    return hops;
  }

  /** The hops of {@code Forwarded}, one for each element, whether it names a client or not. */
  static List<String> elements(List<String> lines) {
    List<String> hops = new ArrayList<>();
    for (String line : lines) {
      new Elements(line, hops).read();
    }
    return hops;
  }

  /** The address of a hop, without its port; null where it is none. */
  static @Nullable InetAddress address(@Nullable String hop) {
    if (hop == null || hop.length() > LONGEST_ADDRESS) {
      return null;
    }
    byte[] bytes = Inet.parseInetAddressToBytes(withoutZone(withoutPort(hop)));
    if (bytes == null) {
      return null;
    }
    try {
      // An IPv4 address that is written as an IPv6 one becomes IPv4.
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A link-local address names its interface: {@code fe80::1%eth0}. */
  private static String withoutZone(String address) {
    int zone = address.indexOf('%');
    return zone < 0 ? address : address.substring(0, zone);
  }

  private static String withoutPort(String hop) {
    if (hop.startsWith("[")) {
      int end = hop.indexOf(']');
      return end < 0 ? hop : hop.substring(1, end);
    }
    int colon = hop.indexOf(':');
    boolean one = colon >= 0 && hop.indexOf(':', colon + 1) < 0;
    return one ? hop.substring(0, colon) : hop;
  }

  /** One pass over a line of {@code Forwarded}. */
  private static final class Elements {

    private final String line;
    private final List<String> hops;
    private final StringBuilder word = new StringBuilder();
    private String name = "";
    private String client = UNKNOWN;
    private boolean quoted;

    private Elements(String line, List<String> hops) {
      this.line = line;
      this.hops = hops;
    }

    private void read() {
      for (int at = 0; at < line.length(); at++) {
        char c = line.charAt(at);
        if (quoted && c == '\\' && at + 1 < line.length()) {
          word.append(line.charAt(++at));
        } else if (c == '"') {
          quoted = !quoted;
        } else if (quoted) {
          word.append(c);
        } else {
          plain(c);
        }
      }
      endOfElement();
    }

    private void plain(char c) {
      switch (c) {
        case '=' -> name = take();
        case ';' -> endOfPair();
        case ',' -> endOfElement();
        default -> word.append(c);
      }
    }

    private void endOfPair() {
      String value = take();
      if (name.equalsIgnoreCase("for")) {
        client = value;
      }
      name = "";
    }

    /** An open quotation mark would let a client hide what its proxy appends. */
    private void endOfElement() {
      endOfPair();
      hops.add(quoted ? UNKNOWN : client);
      client = UNKNOWN;
    }

    private String take() {
      String taken = word.toString().strip();
      word.setLength(0);
      return taken;
    }
  }
}
