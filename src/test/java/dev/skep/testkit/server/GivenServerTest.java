package dev.skep.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GivenServerTest {

  @ParameterizedTest
  @CsvSource({
    "redis://sam:p%3Aa+%40@far.example:7000, redis, far.example, 7000, '', sam, p:a+@",
    "rediss://:secret@far.example, rediss, far.example, 6379, '', , secret",
    "http://key:word@far.example:9000/bucket, http, far.example, 9000, bucket, key, word",
    "jdbc:mariadb://far.example:3307/?user=sam&password=a%26b, mariadb, far.example, 3307, '',"
        + " sam, a&b",
    "mysql://far.example/, mysql, far.example, 6379, '', , ",
  })
  void isReadFromItsUrl(
      String url, String scheme, String host, int port, String path, String user, String password) {
    GivenServer given = GivenServer.of(Map.of("SKEP_TEST_X_URL", url), "X", 6379);

    assertThat(given).isNotNull();
    assertThat(given.scheme()).isEqualTo(scheme);
    assertThat(given.host()).isEqualTo(host);
    assertThat(given.port()).isEqualTo(port);
    assertThat(given.path()).isEqualTo(path);
    assertThat(given.user().orElse(null)).isEqualTo(user);
    assertThat(given.password().orElse(null)).isEqualTo(password);
  }

  @Test
  void takesItsCredentialsFromVariablesWhereTheUrlHasNone() {
    Map<String, String> environment =
        Map.of(
            "SKEP_TEST_X_URL", "http://far.example",
            "SKEP_TEST_X_USER", "sam",
            "SKEP_TEST_X_PASSWORD", "word");

    GivenServer given = GivenServer.of(environment, "X", 80);

    assertThat(given).isNotNull();
    assertThat(given.user()).contains("sam");
    assertThat(given.password()).contains("word");
  }

  @Test
  void isNullWhenThereIsNone() {
    assertThat(GivenServer.of(Map.of(), "X", 1)).isNull();
    assertThat(GivenServer.of(Map.of("SKEP_TEST_X_URL", " "), "X", 1)).isNull();
  }

  @Test
  void aUrlWithoutAHostIsRefusedByTheNameOfItsVariable() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GivenServer.of(Map.of("SKEP_TEST_X_URL", "far:1"), "X", 1))
        .withMessageContaining("SKEP_TEST_X_URL");
  }
}
