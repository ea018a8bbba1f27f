package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.port.CannotOpen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

  @TempDir Path temporary;

  @Test
  void isMadePrivateToItsOwner() throws IOException {
    Path path = temporary.resolve("a/data");

    DataFolder.open(path).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rwx------");
  }

  @Test
  void opensAgainAfterItWasClosed() throws IOException {
    DataFolder.open(temporary).close();
    DataFolder.open(temporary).close();

    assertThat(DataFolder.problem(temporary)).isEmpty();
  }

  @Test
  void isHeldByOneProcess() throws IOException {
    try (DataFolder held = DataFolder.open(temporary)) {
      assertThat(DataFolder.problem(temporary))
          .contains(
              "skep.data: the folder %s is in use by another process; stop that, or choose another folder."
                  .formatted(temporary));
    }
  }

  @Test
  void ofANewerVersionIsRefusedAndLeftAlone() throws IOException {
    DataFolder.open(temporary).close();
    Files.writeString(temporary.resolve("format"), "2\n");

    assertThat(DataFolder.problem(temporary))
        .contains(
            "skep.data: the folder %s was written by a newer version of Skep (format 2, this version knows 1); start that version, or choose another folder."
                .formatted(temporary));
    assertThat(temporary.resolve("format")).hasContent("2");
  }

  @Test
  void withADamagedFormatIsRefused() throws IOException {
    Files.writeString(temporary.resolve("format"), "");

    assertThat(DataFolder.problem(temporary))
        .contains(
            "skep.data: the folder %s is damaged: its file format does not hold a number."
                .formatted(temporary));
  }

  @Test
  void thatIsAFileIsRefused() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "text");

    assertThatThrownBy(() -> DataFolder.open(file))
        .isInstanceOfSatisfying(
            CannotOpen.class,
            e ->
                assertThat(e.line())
                    .isEqualTo("skep.data: the folder " + file + " cannot be used: it is a file."));
  }

  /** What nobody may write to, not even root: below /proc. */
  @Test
  void thatCannotBeWrittenIsRefused() {
    assertThatThrownBy(() -> DataFolder.open(Path.of("/proc/self/fdinfo")))
        .isInstanceOfSatisfying(
            CannotOpen.class,
            e ->
                assertThat(e.line())
                    .startsWith("skep.data: the folder /proc/self/fdinfo cannot be used: "));
  }

  @Test
  void isNotMadeByLookingForProblems() throws IOException {
    Path path = temporary.resolve("absent");

    assertThat(DataFolder.problem(path)).isEmpty();
    assertThat(path).doesNotExist();
  }
}
