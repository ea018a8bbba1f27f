package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminPasswordTest {

  @TempDir Path folder;

  @Test
  void oneLineEndAtTheEndOfTheFileDoesNotCount() throws IOException {
    assertThat(read("pa$$word-1")).isEqualTo("pa$$word-1");
    assertThat(read("pässword\n")).isEqualTo("pässword");
    assertThat(read("password\r\n")).isEqualTo("password");
    assertThat(read(" password \n\n")).isEqualTo(" password \n");
  }

  @Test
  void aFileThatCannotBeReadIsNamedButNotItsContent() throws IOException {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> AdminPassword.read(missing))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("skep.admin.password-file=" + missing);
    Path large = Files.writeString(folder.resolve("large"), "x".repeat(100_000));
    assertThatThrownBy(() -> AdminPassword.read(large)).isInstanceOf(CannotStart.class);
    Path latin = Files.write(folder.resolve("latin"), new byte[] {'p', (byte) 0xe4});
    assertThatThrownBy(() -> AdminPassword.read(latin))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("UTF-8");
  }

  private String read(String content) throws IOException {
    return AdminPassword.read(Files.writeString(folder.resolve("password"), content));
  }
}
