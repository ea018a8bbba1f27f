package dev.skep.boot;

import dev.skep.api.security.Proxies;
import io.smallrye.common.net.CidrAddress;
import io.smallrye.common.net.Inet;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The networks of {@code skep.trusted-proxies}; none where it is not set. */
@Singleton
final class TrustedProxies implements Proxies {

  static final String KEY = "skep.trusted-proxies";

  private final List<CidrAddress> networks;

  @Inject
  TrustedProxies(SkepConfig config) {
    this(config.trustedProxies().orElse(""));
  }

  TrustedProxies(String list) {
    this.networks = words(list).stream().map(TrustedProxies::network).toList();
  }

  /** The words of a list that name no network. */
  static List<String> wrong(String list) {
    return words(list).stream().filter(word -> parse(word) == null).toList();
  }

  @Override
  public boolean trust(InetAddress address) {
    return networks.stream().anyMatch(network -> network.matches(address));
  }

  private static List<String> words(String list) {
    return Arrays.stream(list.split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static CidrAddress network(String word) {
    CidrAddress network = parse(word);
    if (network == null) {
      throw new IllegalArgumentException(KEY + ": " + word + " is not an address or network");
    }
    return network;
  }

  private static @Nullable CidrAddress parse(String word) {
    if (word.contains("/")) {
      return Inet.parseCidrAddress(word);
    }
    byte[] address = Inet.parseInetAddressToBytes(word);
    return address == null ? null : CidrAddress.create(address, address.length * Byte.SIZE);
  }
}
