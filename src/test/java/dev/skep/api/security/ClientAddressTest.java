package dev.skep.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {

  private static final String PROXY = "10.0.0.1";

  private final ClientAddress address =
      new ClientAddress(peer -> peer.getHostAddress().startsWith("10."));

  @Test
  void aPeerThatIsNoTrustedProxyIsTheClientWhateverItSays() {
    assertThat(address.of("203.0.113.9", List.of("for=192.0.2.1"), List.of("192.0.2.2")))
        .isEqualTo("203.0.113.9");
  }

  @Test
  void theInterfaceOfALinkLocalAddressDoesNotCount() {
    assertThat(address.of("fe80::1%eth0", List.of(), List.of())).isEqualTo("fe80::1");
  }

  @Test
  void aTrustedProxyThatSaysNothingIsTheClient() {
    assertThat(address.of(PROXY, List.of(), List.of())).isEqualTo(PROXY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.1 | 192.0.2.1",
        "6.6.6.6, 192.0.2.1 | 192.0.2.1",
        "6.6.6.6, 192.0.2.1, 10.0.0.7 | 192.0.2.1",
        "10.0.0.9, 10.0.0.7 | 10.0.0.9",
        "192.0.2.1:4711 | 192.0.2.1",
        "2001:db8::1 | 2001:db8::1",
        "[2001:DB8:0::1]:443 | 2001:db8::1",
        "::ffff:192.0.2.1 | 192.0.2.1",
        "192.0.2.1, unknown | 10.0.0.1",
        "192.0.2.1, unknown, 10.0.0.7 | 10.0.0.7",
        "localhost | 10.0.0.1",
        "192.0.2.1, | 192.0.2.1",
      })
  void theLastHopBeforeTheTrustedProxiesIsTheClient(String header, String client) {
    assertThat(address.of(PROXY, List.of(), List.of(header))).isEqualTo(client);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "for=192.0.2.1 | 192.0.2.1",
        "For=\"[2001:db8:cafe::17]:4711\" | 2001:db8:cafe::17",
        "for=192.0.2.43;proto=http;by=203.0.113.43 | 192.0.2.43",
        "by=203.0.113.43; for=192.0.2.43 | 192.0.2.43",
        "for=6.6.6.6, for=192.0.2.1;proto=https | 192.0.2.1",
        "for=6.6.6.6, for=\"192.0.2.1:80\", for=10.0.0.7 | 192.0.2.1",
        "host=\"a,for=6.6.6.6\";for=192.0.2.1 | 192.0.2.1",
        "host=\"a\\\",for=6.6.6.6\";for=192.0.2.1 | 192.0.2.1",
        "for=192.0.2.1, proto=https | 10.0.0.1",
        "for=_hidden | 10.0.0.1",
        "for=\"192.0.2.1 | 10.0.0.1",
        "for=6.6.6.6;a=\", for=192.0.2.1 | 10.0.0.1",
        "for=6.6.6.6;a=\", for=\"[2001:db8::1]\" | 10.0.0.1",
      })
  void forwardedIsReadAsItsRfcWritesIt(String header, String client) {
    assertThat(address.of(PROXY, List.of(header), List.of())).isEqualTo(client);
  }

  @Test
  void severalLinesAreOneList() {
    assertThat(address.of(PROXY, List.of(), List.of("6.6.6.6", "192.0.2.1, 10.0.0.7")))
        .isEqualTo("192.0.2.1");
  }

  @Test
  void whereBothHeadersAreThereTheyMustAgreeSinceAProxyWritesOneAndLetsTheOtherPass() {
    assertThat(address.of(PROXY, List.of("for=192.0.2.1"), List.of("192.0.2.1")))
        .isEqualTo("192.0.2.1");
    assertThat(address.of(PROXY, List.of("for=6.6.6.6"), List.of("192.0.2.1"))).isEqualTo(PROXY);
  }

  @Test
  void aConnectionWithoutAnAddressHasNone() {
    assertThat(address.of(null, List.of(), List.of("192.0.2.1"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "=", "\"", "\\", " ", ":", "[", "for=", "for=\"", "1.1.1.1,"})
  void theTimeGrowsWithTheLengthOnly(String piece) {
    String header = piece.repeat(1_000_000 / piece.length());
    org.junit.jupiter.api.Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          address.of(PROXY, List.of(header), List.of());
          address.of(PROXY, List.of(), List.of(header));
        });
  }
}
