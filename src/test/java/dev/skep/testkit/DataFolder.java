package dev.skep.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The data of a server that was never started, of which each new server gets a copy: making it
 * takes seconds. It goes with this process.
 */
final class DataFolder {

  // Of the whole run, like the servers' programs themselves.
  private static final Map<SqlEngine, Path> MADE = new EnumMap<>(SqlEngine.class);

  private DataFolder() {}

  static synchronized Path of(SqlEngine engine) throws Exception {
    Path known = MADE.get(engine);
    if (known != null) {
      return known;
    }
    Path parent = engine.newFolder();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(parent)));
    Path data = parent.resolve("data");
    engine.makeData(data);
    MADE.put(engine, data);
    return data;
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException | UncheckedIOException e) {
      // A temporary folder stays.
    }
  }
}
