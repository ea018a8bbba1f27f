package dev.skep.blackbox.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Skep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    try (Skep skep = blobsOnly(other).start()) {
      skep.admin().put("/files/home/elsewhere", "z").is(201);
    }
    Path data = Skep.newFolder("skep-data");
    try (Skep skep = blobsOnly(data).start()) {
      Client admin = skep.admin();
      admin.put("/files/home/one", "x").is(201);
      admin.put("/files/home/two", "y").is(201);
      assertThat(check(data, 1)).contains("skep.data: the folder " + data + " is in use");
    }
    assertThat(check(data, 0)).isEqualTo("no missing, no damaged, no unnamed\n");

    Path lost = blobs(data).getFirst();
    Files.delete(lost);
    Path stray = strayFrom(other, data);
    assertThat(check(data, 1).lines())
        .containsExactlyInAnyOrder(
            "missing " + key(lost) + ": the blob is not in the object store",
            "unnamed " + key(stray) + ": no row knows the blob",
            "1 missing, no damaged, 1 unnamed");
    assertThat(blobs(data)).as("it removes nothing").hasSize(2).contains(stray);
  }

  @Test
  void tellsWhatIsDamagedInTheDatabaseWhichIsNeverServed() throws Exception {
    Path data = Skep.newFolder("skep-data");
    String etag;
    String id;
    try (Skep skep = Skep.on(data).start()) {
      skep.admin().put("/files/home/well", "well ".repeat(1000)).is(201);
      Answer put = skep.admin().put("/files/home/rotten", "rotten ".repeat(1000)).is(201);
      etag = put.etag();
      id = put.id();
      skep.stop();
    }
    assertThat(blobs(data)).isEmpty();
    flip(data.resolve("sql/skep.db"), "rotten rotten ");
    assertThat(check(data, 1).lines())
        .containsExactly(
            "damaged " + etag.replace("\"", "") + ": its bytes are not those that were stored",
            "no missing, 1 damaged, no unnamed");
    try (Skep skep = Skep.on(data).start()) {
      Answer answer = skep.admin().get("/files/home/rotten");
      System.out.println("A file whose byte has rotted: " + answer.status() + " " + answer.text());
      answer.isProblem(500, "corrupt");
      assertThat(answer.text()).doesNotContain("rotten rotten");
      String node = "/nodes/" + id;
      skep.admin().get(node + "/content").isProblem(500, "corrupt");
      String version = skep.admin().get(node + "/versions").json().at("/items/0/id").asText();
      skep.admin().get(node + "/versions/" + version + "/content").isProblem(500, "corrupt");
      assertThat(skep.admin().get("/files/home/well").is(200).body()).hasSize(5000);
    }
  }

  /** One bit of a text that must be there. */
  private static void flip(Path database, String text) throws IOException {
    byte[] bytes = Files.readAllBytes(database);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    assertThat(at).isPositive();
    bytes[at + 3] ^= 4;
    Files.write(database, bytes);
  }

  private static Skep.Setup blobsOnly(Path data) {
    return Skep.on(data).with("SKEP_CONTENT_SMALL", "0");
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
