package dev.skep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which Maven {@code ./skep} works with on a machine without a cache: the one on the PATH if it is
 * 3.9 or newer, else one that it fetches. {@code quarkus:dev} refuses an older one.
 */
class MavenChoiceTest {

  private static final String FETCHES = "Fetching Maven 3.9";

  @TempDir Path folder;

  @Test
  void aLibraryNamedWithoutANumberIsAskedForItsVersion() throws Exception {
    maven("maven-core-3.x.jar", "3.8.7"); // as Debian packages it

    assertThat(skepDocs()).contains(FETCHES);
    assertThat(calls()).contains("-v");
  }

  @Test
  void aNewMavenWithALibraryWithoutANumberIsUsed() throws Exception {
    maven("maven-core-3.x.jar", "3.9.9");

    assertThat(skepDocs()).doesNotContain(FETCHES);
    assertThat(calls()).contains("-v").anyMatch(call -> call.contains("-Dtest=DocsTest"));
  }

  @Test
  void theLibrarysNumberTellsWithoutAStart() throws Exception {
    maven("maven-core-3.9.16.jar", "never asked");

    assertThat(skepDocs()).doesNotContain(FETCHES);
    assertThat(calls()).doesNotContain("-v").anyMatch(call -> call.contains("-Dtest=DocsTest"));
  }

  @Test
  void anOldNumberIsNotUsed() throws Exception {
    maven("maven-core-3.8.7.jar", "never asked");

    assertThat(skepDocs()).contains(FETCHES);
    assertThat(calls()).doesNotContain("-v");
  }

  /** Writes down how it was called; cannot fetch anything. */
  private void maven(String library, String version) throws IOException {
    Path home = Files.createDirectories(folder.resolve("maven"));
    Files.createFile(Files.createDirectories(home.resolve("lib")).resolve(library));
    Path mvn = Files.createDirectories(home.resolve("bin")).resolve("mvn");
    Files.writeString(
        mvn,
        """
        #!/bin/sh
        echo "$*" >>'%s'
        case "$*" in
          -v) printf '\\033[1mApache Maven %s (Debian)\\033[m\\n' ;;
          *dependency-plugin*) exit 1 ;;
        esac
        """
            .formatted(folder.resolve("calls"), version));
    assertThat(mvn.toFile().setExecutable(true)).isTrue();
  }

  private String skepDocs() throws Exception {
    Path checkout = Files.createDirectories(folder.resolve("checkout"));
    Path skep =
        Files.copy(
            Path.of("skep"),
            checkout.resolve("skep"),
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.COPY_ATTRIBUTES);
    ProcessBuilder docs = new ProcessBuilder(skep.toString(), "docs").redirectErrorStream(true);
    docs.environment().put("JAVA_HOME", System.getProperty("java.home"));
    docs.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    docs.environment()
        .merge("PATH", folder.resolve("maven/bin").toString(), (path, bin) -> bin + ":" + path);
    Process process = docs.start();
    String output = new String(process.getInputStream().readAllBytes());
    process.waitFor();
    return output;
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(folder.resolve("calls"));
  }
}
