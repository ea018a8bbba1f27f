package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class TrustedProxiesTest {

  @Test
  void noneIsTrustedUntilOneIsNamed() {
    assertThat(trusts("", "127.0.0.1")).isFalse();
  }

  @Test
  void addressesAndNetworksAreNamedOfBothFamilies() {
    String list = " 192.0.2.1, 10.0.0.0/8 ,2001:db8::/32,::1";
    assertThat(trusts(list, "192.0.2.1")).isTrue();
    assertThat(trusts(list, "192.0.2.2")).isFalse();
    assertThat(trusts(list, "10.255.0.1")).isTrue();
    assertThat(trusts(list, "11.0.0.1")).isFalse();
    assertThat(trusts(list, "2001:db8:1::5")).isTrue();
    assertThat(trusts(list, "2001:db9::5")).isFalse();
    assertThat(trusts(list, "::1")).isTrue();
  }

  @Test
  void whatIsNoNetworkIsNamed() {
    assertThat(TrustedProxies.wrong("10.0.0.1, 10.0.0.0/33, nginx, 10.0.0.256, ::1/129, 1.2.3/8"))
        .containsExactly("10.0.0.0/33", "nginx", "10.0.0.256", "::1/129", "1.2.3/8");
    assertThat(TrustedProxies.wrong(" ")).isEmpty();
  }

  private static boolean trusts(String list, String address) {
    return new TrustedProxies(list).trust(InetAddress.ofLiteral(address));
  }
}
