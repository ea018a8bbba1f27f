package dev.skep.blackbox.cluster.faults;

import dev.skep.blackbox.Skep;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What a process holds: threads of the system, virtual threads, and descriptors of files and
 * connections but for those of its HTTP clients.
 *
 * @param virtual −1 where it cannot be told, as of an executable
 */
record Footprint(int threads, int virtual, int descriptors) {

  static Footprint of(Skep skep) throws IOException {
    Path process = Path.of("/proc", Long.toString(skep.process().pid()));
    return new Footprint(
        names(process.resolve("task")).size(), virtualThreads(skep), descriptors(process, skep));
  }

  /** Whether nothing has grown by more than this. */
  boolean isWithin(Footprint before, int more) {
    return threads <= before.threads + more
        && virtual <= before.virtual + more
        && descriptors <= before.descriptors + more;
  }

  private static int descriptors(Path process, Skep skep) throws IOException {
    Set<String> ofClients = clientSockets(process, skep.port());
    int count = 0;
    for (Path each : names(process.resolve("fd"))) {
      try {
        count += ofClients.contains(Files.readSymbolicLink(each).toString()) ? 0 : 1;
      } catch (IOException e) {
        // closed meanwhile
      }
    }
    return count;
  }

  /** As {@code socket:[INODE]}. */
  private static Set<String> clientSockets(Path process, int port) throws IOException {
    String local = ":%04X".formatted(port);
    Set<String> sockets = new HashSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(process.resolve("net").resolve(table))) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length > 9 && fields[1].toUpperCase(Locale.ROOT).endsWith(local)) {
          sockets.add("socket:[" + fields[9] + "]");
        }
      }
    }
    return sockets;
  }

  private static List<Path> names(Path folder) throws IOException {
    List<Path> names = new java.util.ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      all.forEach(names::add);
    }
    return names;
  }

  private static int virtualThreads(Skep skep) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Path dump = Skep.newFolder("threads").resolve("dump.json");
    Process asked =
        new ProcessBuilder(
                jcmd.toString(),
                Long.toString(skep.process().pid()),
                "Thread.dump_to_file",
                "-format=json",
                dump.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!asked.waitFor(30, TimeUnit.SECONDS) || !Files.exists(dump)) {
        asked.destroyForcibly();
        return -1;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
    return Files.readString(dump).split("\"virtual\": true", -1).length - 1;
  }
}
