package dev.skep.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A real file system of a few bytes, in memory; mounting it needs root on Linux. */
public final class TinyDisk implements AutoCloseable {

  private final Path folder;

  private TinyDisk(Path folder) {
    this.folder = folder;
  }

  /** Mounts it; where that is impossible, prints why and aborts the test with the reason. */
  public static TinyDisk of(Path folder, long bytes) throws Exception {
    Files.createDirectories(folder);
    String problem =
        run(
            "mount",
            "-t",
            "tmpfs",
            "-o",
            "size=" + bytes + ",mode=0700",
            "skep-test",
            folder.toString());
    if (!problem.isEmpty()) {
      String reason = "Not proven here, a full or read-only disk needs a mount: " + problem.strip();
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    return new TinyDisk(folder);
  }

  public Path folder() {
    return folder;
  }

  public long free() {
    return folder.toFile().getUsableSpace();
  }

  public void readOnly() throws Exception {
    String problem = run("mount", "-o", "remount,ro", folder.toString());
    if (!problem.isEmpty()) {
      throw new IOException(problem);
    }
  }

  @Override
  public void close() throws Exception {
    String problem = run("umount", "-l", folder.toString());
    if (!problem.isEmpty()) {
      throw new IOException(problem);
    }
  }

  /** What the command complains of; empty when it did its work. */
  private static String run(String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? "" : "exit " + process.exitValue() + " " + output;
  }
}
