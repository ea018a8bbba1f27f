package dev.skep.blackbox.fuzz;

import dev.skep.blackbox.Skep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a running Skep holds of this machine. */
record Traces(long files, long threads, long uploads) {

  /** Of a process that runs under Linux. */
  static Traces of(Skep skep) throws IOException {
    Path process = Path.of("/proc", Long.toString(skep.process().pid()));
    long threads =
        Files.readAllLines(process.resolve("status")).stream()
            .filter(line -> line.startsWith("Threads:"))
            .mapToLong(line -> Long.parseLong(line.substring("Threads:".length()).strip()))
            .findFirst()
            .orElseThrow();
    Path uploads = skep.data().resolve("objects").resolve("tmp");
    return new Traces(entries(process.resolve("fd")), threads, entries(uploads));
  }

  private static long entries(Path folder) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found.count();
    }
  }

  /** Whether this is what is left once everything has ended that began after the other. */
  boolean isNoMoreThan(Traces before, int slack) {
    return files <= before.files + slack && threads <= before.threads + slack && uploads == 0;
  }
}
