package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.domain.identity.Bootstrap.SignIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminFileTest {

  @TempDir Path data;

  @Test
  void isReadableByItsOwnerOnly() throws IOException {
    AdminFile file = AdminFile.in(data);

    file.write(new SignIn("admin", "s3cret", Optional.of("pass word=")));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
        .isEqualTo("rw-------");
    assertThat(file.path()).hasContent("user=admin\nsession=s3cret\npassword=pass word=");
    assertThat(file.password()).contains("pass word=");
  }

  @Test
  void holdsNoPasswordOnceItWasChanged() throws IOException {
    AdminFile file = AdminFile.in(data);
    file.write(new SignIn("admin", "one", Optional.of("generated")));

    file.write(new SignIn("admin", "two", Optional.empty()));

    assertThat(file.path()).hasContent("user=admin\nsession=two");
    assertThat(file.password()).isEmpty();
  }

  @Test
  void isNotThereBeforeTheFirstStart() throws IOException {
    assertThat(AdminFile.in(data).password()).isEmpty();
  }
}
