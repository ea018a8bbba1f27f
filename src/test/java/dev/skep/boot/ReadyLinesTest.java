package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.domain.identity.Bootstrap.SignIn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadyLinesTest {

  private final ReadyLines lines =
      new ReadyLines(
          Duration.ofMillis(1_360),
          "http://localhost:8080",
          Optional.of(Path.of("data")),
          Optional.of(new SignIn("admin", "s3cret", Optional.of("generated"))));

  @Test
  void theTerminalShowsTheSecretAndALineToTry() {
    assertThat(lines.forTerminal())
        .isEqualTo(
            """
            Skep is ready in 1.4 s      http://localhost:8080
              sign in   admin / s3cret    kept in data/admin (0600)
              try       curl -u admin:s3cret -T README.md http://localhost:8080/api/v1/files/home/README.md
              stop      Ctrl-C · start over: rm -r data
            """);
  }

  @Test
  void withoutATerminalTheFileIsNamedInsteadOfTheSecret() {
    assertThat(lines.withoutTerminal())
        .isEqualTo(
            """
            Skep is ready in 1.4 s      http://localhost:8080
              sign in   admin, with the session in data/admin (0600)
              try       curl -u "admin:$(sed -n s/^session=//p data/admin)" -T README.md http://localhost:8080/api/v1/files/home/README.md
              stop      SIGTERM · start over: rm -r data
            """)
        .doesNotContain("s3cret");
  }
}
