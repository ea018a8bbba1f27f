package dev.skep.blackbox.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Client;
import dev.skep.blackbox.Skep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code skep check}: what an operator asks after a crash. */
final class CheckTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @Test
  void tellsWhatIsMissingAndWhatNothingNames() throws Exception {
    Path other = Skep.newFolder("skep-data");
    try (Skep skep = Skep.on(other).start()) {
      skep.admin().put("/files/home/elsewhere", "z").is(201);
    }
    Path data = Skep.newFolder("skep-data");
    try (Skep skep = Skep.on(data).start()) {
      Client admin = skep.admin();
      admin.put("/files/home/one", "x").is(201);
      admin.put("/files/home/two", "y").is(201);
      assertThat(check(data, 1)).contains("skep.data: the folder " + data + " is in use");
    }
    assertThat(check(data, 0)).isEqualTo("no missing, no unnamed\n");

    Path lost = blobs(data).getFirst();
    Files.delete(lost);
    Path stray = strayFrom(other, data);
    assertThat(check(data, 1).lines())
        .containsExactlyInAnyOrder(
            "missing " + key(lost) + ": the blob is not in the object store",
            "unnamed " + key(stray) + ": no row knows the blob",
            "1 missing, 1 unnamed");
    assertThat(blobs(data)).as("it removes nothing").hasSize(2).contains(stray);
  }

  /** Puts the one blob of another drive among those of this one. */
  private static Path strayFrom(Path other, Path data) throws IOException {
    Path blob = blobs(other).getFirst();
    Path stray = data.resolve(other.relativize(blob));
    Files.createDirectories(stray.getParent());
    return Files.copy(blob, stray);
  }

  @Test
  void makesNoFolder() {
    Path absent = Skep.newFolder("absent").resolve("data");
    assertThat(check(absent, 1))
        .isEqualTo(
            "Skep cannot check: skep.data: the folder "
                + absent
                + " is not there, so nothing can be checked.\n");
    assertThat(absent).doesNotExist();
  }

  private static String check(Path data, int exitCode) {
    Skep check = Skep.on(data).arguments("check", "--embedded").launch();
    assertThat(check.awaitEnd(PATIENCE)).as(check::output).isEqualTo(exitCode);
    return check.output();
  }

  private static List<Path> blobs(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("objects/blobs"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static String key(Path blob) {
    return blob.getFileName().toString().replace('_', '/');
  }
}
