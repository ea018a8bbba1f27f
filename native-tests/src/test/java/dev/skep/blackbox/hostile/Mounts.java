package dev.skep.blackbox.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Skep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A small disk of memory, mounted for one test. */
final class Mounts implements AutoCloseable {

  private final Path folder;

  private Mounts(Path folder) {
    this.folder = folder;
  }

  /** Skips the test, saying why, where this user or this machine cannot mount. */
  static Mounts tiny(String size) throws Exception {
    Path folder = Skep.newFolder("tiny-disk");
    String refusal = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
    if (!refusal.isEmpty()) {
      String why = "SKIPPED: a tiny disk needs root and a mount of tmpfs: " + refusal;
      System.out.println(why);
      Assumptions.abort(why);
    }
    return new Mounts(folder);
  }

  Path folder() {
    return folder;
  }

  void readOnly() throws Exception {
    assertThat(run("mount", "-o", "remount,ro", folder.toString())).isEmpty();
  }

  @Override
  public void close() throws Exception {
    assertThat(run("umount", folder.toString())).isEmpty();
  }

  /** What went wrong; empty when nothing did. */
  private static String run(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? "" : output.strip() + " ";
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
