package dev.skep.testkit;

import dev.skep.testkit.server.GivenServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The server's program of MySQL: the one that {@code ./skep test} found or brought and names by
 * {@code -Dskep.mysqld}, or one on the PATH, or one that an earlier run has brought. A {@code
 * mysqld} may be MariaDB's by another name, which is none.
 */
final class MySqlProgram {

  private static final Path BROUGHT =
      Path.of(
          System.getenv()
              .getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache"),
          "skep",
          "mysql",
          "mysqld");

  // Asked once a run: it means starting programs.
  private static @Nullable Optional<String> found;

  private MySqlProgram() {}

  /** Its path, after {@link #require}. */
  static String path() {
    return find().orElseThrow();
  }

  /** Aborts the test, and tells the table why, where there is none. */
  static void require() {
    if (find().isPresent()) {
      return;
    }
    String reason =
        "no MySQL: "
            + System.getProperty(
                "skep.mysqld.missing",
                "no mysqld of its own on the PATH, and ./skep test has brought none yet")
            + "; or set "
            + GivenServer.variable(SqlServer.NAME)
            + " to a server's address";
    System.out.println("[unproven] sql mysql " + reason);
    Assumptions.abort(reason);
  }

  private static synchronized Optional<String> find() {
    if (found == null) {
      found =
          Stream.concat(
                  Stream.of(System.getProperty("skep.mysqld", "")).filter(each -> !each.isEmpty()),
                  Stream.concat(onPath(), Stream.of(BROUGHT.toString())))
              .filter(each -> Files.isExecutable(Path.of(each)))
              .filter(MySqlProgram::isMySql)
              .findFirst();
    }
    return found;
  }

  private static Stream<String> onPath() {
    return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin"))
        .map(folder -> Path.of(folder, "mysqld").toString());
  }

  private static boolean isMySql(String program) {
    try {
      Process process = new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
      process.getOutputStream().close();
      String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 && !version.contains("MariaDB");
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
