package dev.skep.blackbox.hostile;

import dev.skep.blackbox.Skep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Lets each force of one file of a running process fail with EIO, by strace, until closed. */
final class FailingForces implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process strace;
  private final Path trace;

  private FailingForces(Process strace, Path trace) {
    this.strace = strace;
    this.trace = trace;
  }

  /** Skips the test, saying why, where strace is not here or may not trace. */
  static FailingForces of(Path file, ProcessHandle process) throws Exception {
    Path folder = Skep.newFolder("strace");
    Path trace = folder.resolve("trace.txt");
    Path said = folder.resolve("said.txt");
    ProcessBuilder command =
        new ProcessBuilder(
                "strace",
                "-f",
                "-p",
                Long.toString(process.pid()),
                "-P",
                file.toString(),
                "-o",
                trace.toString(),
                "-e",
                "trace=fsync,fdatasync",
                "-e",
                "inject=fsync,fdatasync:error=EIO")
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    Process strace = null;
    try {
      strace = command.start();
    } catch (IOException e) {
      skip("strace is not here: " + e.getMessage());
    }
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!allTraced(process)) {
      if (!strace.isAlive()) {
        skip("strace may not trace here: " + Files.readString(said));
      }
      if (System.nanoTime() > end) {
        strace.destroyForcibly();
        throw new AssertionError("strace did not take all threads: " + Files.readString(said));
      }
      Thread.sleep(20);
    }
    return new FailingForces(strace, trace);
  }

  /** How many forces were made to fail. */
  long failed() throws IOException {
    try (Stream<String> lines = Files.lines(trace, StandardCharsets.ISO_8859_1)) {
      return lines.filter(line -> line.contains("(INJECTED)")).count();
    }
  }

  /** Lets the process go on by itself; from now on forces work. */
  @Override
  public void close() throws Exception {
    strace.destroy();
    if (!strace.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      strace.destroyForcibly();
      throw new AssertionError("strace did not end");
    }
  }

  private static boolean allTraced(ProcessHandle process) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
      return tasks.allMatch(FailingForces::isTraced);
    }
  }

  private static boolean isTraced(Path task) {
    try {
      return Files.readAllLines(task.resolve("status")).stream()
          .noneMatch(line -> line.matches("TracerPid:\\s+0"));
    } catch (IOException e) {
      // The thread has ended meanwhile.
      return true;
    }
  }

  private static void skip(String reason) {
    String why = "SKIPPED: " + reason.strip();
    System.out.println(why);
    Assumptions.abort(why);
  }
}
