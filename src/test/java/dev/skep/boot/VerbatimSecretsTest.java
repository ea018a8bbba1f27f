package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithDefault;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerbatimSecretsTest {

  /** A secret that is another one by default. */
  @ConfigMapping(prefix = "skep.other")
  public interface Other {
    @WithDefault("${skep.admin.password:}")
    Optional<String> password();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pa$$word-1",
        "$",
        "$$$",
        "${skep.data}",
        "a${b}c",
        "a\\$b",
        "a\\\\$$b",
        "${",
        "a\\b",
        "a,b\\,c",
        "${a:b}",
        "ä€"
      })
  void aSecretIsKeptAsItIsWrittenAlsoWhereAnotherKeyTakesIt(String secret) {
    SmallRyeConfig config = config(Map.of("skep.admin.password", secret, "skep.data", "data"));
    assertThat(config.getValue("skep.admin.password", String.class)).isEqualTo(secret);
    assertThat(config.getConfigMapping(Other.class).password()).contains(secret);
    assertThat(config.getConfigValue("skep.admin.password").hasProblems()).isFalse();
  }

  @Test
  void whatIsNoSecretIsExpanded() {
    SmallRyeConfig config =
        config(Map.of("skep.data", "data", "skep.sql.embedded.folder", "${skep.data}/$$sql"));
    assertThat(config.getValue("skep.sql.embedded.folder", String.class)).isEqualTo("data/$sql");
  }

  @Test
  void everySecretOfTheReferenceIsOne() {
    assertThat(
            Mappings.ALL.stream()
                .flatMap(mapping -> Setting.of(mapping).stream())
                .map(Setting::key)
                .filter(key -> key.matches(".*(password|token|secret|access-key)[^.]*"))
                .filter(key -> !key.endsWith("-file")))
        .isNotEmpty()
        .allMatch(VerbatimSecrets::isSecret);
  }

  private static SmallRyeConfig config(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredInterceptors()
        .withMapping(Other.class)
        .withSources(new PropertiesConfigSource(properties, "test", 100))
        .build();
  }
}
