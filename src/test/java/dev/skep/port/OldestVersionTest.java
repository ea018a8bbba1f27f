package dev.skep.port;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OldestVersionTest {

  private static final OldestVersion OLDEST = new OldestVersion(3, 4);

  @ParameterizedTest
  @ValueSource(strings = {"3.4", "3.4.0", "3.10.1", "4.0", "3.4-rc.1.x", "of the future", "4", ""})
  void admits(String version) {
    assertThat(OLDEST.admits(version)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.3.27", "2.9", "0.1.2"})
  void refuses(String version) {
    assertThat(OLDEST.admits(version)).isFalse();
  }
}
