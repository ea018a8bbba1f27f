package dev.skep.blackbox.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Schemathesis in a Python environment of its own in the cache folder, at the version that {@code
 * requirements.txt} names. It is made once; another version gets another folder.
 */
final class Schemathesis {

  private static final String PACKAGE = "/dev/skep/blackbox/fuzz/";

  private final Path program;
  private final Path files;

  private Schemathesis(Path program, Path files) {
    this.program = program;
    this.files = files;
  }

  /** It cannot be had on this machine; the message says why. */
  static final class Missing extends Exception {
    Missing(String reason) {
      super(reason);
    }
  }

  /**
   * @param files a folder for its settings and hooks
   */
  static Schemathesis install(Path files) throws Exception {
    for (String name : List.of("requirements.txt", "schemathesis.toml", "known_values.py")) {
      try (InputStream resource = Schemathesis.class.getResourceAsStream(PACKAGE + name)) {
        Files.copy(resource, files.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    String wanted = Files.readString(files.resolve("requirements.txt")).strip();
    Path environment = cache().resolve(wanted.replace("==", "-"));
    Path program = environment.resolve("bin").resolve("schemathesis");
    Path complete = environment.resolve("complete");
    if (!Files.exists(complete) || !Files.isExecutable(program)) {
      make(environment, files);
      Files.writeString(complete, wanted);
    }
    return new Schemathesis(program, files);
  }

  private static Path cache() {
    String named = System.getenv("XDG_CACHE_HOME");
    Path caches =
        named == null || named.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(named);
    return caches.resolve("skep");
  }

  private static void make(Path environment, Path files) throws Exception {
    System.out.println("Installing " + environment.getFileName() + " into " + environment);
    Files.createDirectories(environment.getParent());
    Path log = files.resolve("install.log");
    List<String> venv = List.of("python3", "-m", "venv", "--clear", environment.toString());
    if (!succeeds(log, venv)) {
      throw new Missing("python3 makes no environment (Debian: python3-venv): " + end(log));
    }
    List<String> pip =
        List.of(
            environment.resolve("bin").resolve("python3").toString(),
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            "-r",
            files.resolve("requirements.txt").toString());
    if (!succeeds(log, pip)) {
      throw new Missing("pip cannot install it: " + end(log));
    }
  }

  private static boolean succeeds(Path log, List<String> command) throws Exception {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (process.waitFor(5, TimeUnit.MINUTES)) {
        return process.exitValue() == 0;
      }
      process.destroyForcibly();
    } catch (IOException e) {
      Files.writeString(log, e.getMessage());
    }
    return false;
  }

  private static String end(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.isEmpty() ? "it said nothing" : lines.getLast();
  }

  /**
   * Starts a run; what it prints goes to {@code folder/output.txt}, each request to {@code
   * folder/report.ndjson}.
   *
   * @param known JSON of what exists, for {@code known_values.py}
   */
  Process start(Path folder, Map<String, String> headers, String known, List<String> arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--no-color",
                "--config-file",
                files.resolve("schemathesis.toml").toString(),
                "run"));
    command.addAll(arguments);
    headers.forEach((name, value) -> command.addAll(List.of("-H", name + ": " + value)));
    command.addAll(
        List.of(
            "--report",
            "ndjson",
            "--report-ndjson-path",
            folder.resolve("report.ndjson").toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output.txt").toFile());
    builder.environment().put("PYTHONPATH", files.toString());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.environment().put("SCHEMATHESIS_HOOKS", "known_values");
    builder.environment().put("SKEP_FUZZ_KNOWN", known);
    return builder.start();
  }
}
