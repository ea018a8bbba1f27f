package dev.skep.blackbox;

import dev.skep.cluster.site.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A running Skep: the built artefact as a process of its own, on a free port of this machine and,
 * where nothing else is said, a data folder of its own. The artefact is what the environment
 * variable {@code SKEP_ARTEFACT} or the system property {@code skep.artefact} names: a jar or an
 * executable.
 */
public final class Skep implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration STOP = Duration.ofSeconds(10);

  private final Path data;
  private final int port;
  private final Path output;
  private final Process process;

  private Skep(Path data, int port, Path output, Process process) {
    this.data = data;
    this.port = port;
    this.output = output;
    this.process = process;
  }

  /** On a new data folder. */
  public static Skep start() {
    return on(newFolder("skep-data")).start();
  }

  /** On a data folder that exists, or will. */
  public static Setup on(Path data) {
    return new Setup(data);
  }

  /** How a Skep is to be started. */
  public static final class Setup {
    private final Path data;
    private final Map<String, String> environment = new TreeMap<>();
    private final List<String> javaOptions = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>(List.of("serve", "--embedded"));
    private final List<String> wrapper = new ArrayList<>();
    private boolean quick = true;

    private Setup(Path data) {
      this.data = data;
    }

    /** An environment variable of the process. */
    public Setup with(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** An option of the JVM; an executable gets none. */
    public Setup javaOption(String option) {
      javaOptions.add(option);
      return this;
    }

    /**
     * As {@code java -jar} starts it. Without this the JVM gets a quick start: of the AOT cache
     * where one was trained, the quick compiler and the smallest collector, which is for tests that
     * do not look at throughput, memory or classes.
     */
    public Setup plain() {
      quick = false;
      return this;
    }

    /** The command that runs Skep's own, such as {@code strace -f -o FILE}. */
    public Setup under(String... command) {
      wrapper.addAll(List.of(command));
      return this;
    }

    /** Other words than {@code serve --embedded}. */
    public Setup arguments(String... words) {
      arguments.clear();
      arguments.addAll(List.of(words));
      return this;
    }

    /** Starts it and waits until it is ready. */
    public Skep start() {
      Skep skep = launch();
      skep.awaitReady();
      return skep;
    }

    private List<String> options() {
      List<String> options = new ArrayList<>();
      if (quick) {
        options.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        if (Files.exists(cache())) {
          // Made by another build it is useless; Java then does without, and need not say so.
          options.addAll(List.of("-XX:AOTCache=" + cache(), "-Xlog:aot*=off", "-Xlog:cds*=off"));
        }
      }
      options.addAll(javaOptions);
      return options;
    }

    /** Starts it without waiting. */
    public Skep launch() {
      int port = Site.freePort();
      Path output = newFolder("skep-output").resolve("output.txt");
      List<String> command = new ArrayList<>(wrapper);
      command.addAll(artefact(options()));
      command.addAll(arguments);
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("SKEP_"));
      builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
      builder.environment().put("SKEP_DATA", data.toString());
      builder.environment().putAll(environment);
      try {
        return new Skep(data, port, output, builder.start());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static List<String> artefact(List<String> javaOptions) {
    Path artefact = artefact();
    if (!Files.exists(artefact)) {
      throw new IllegalStateException(artefact + " is not there; build it first: ./skep build");
    }
    if (!artefact.toString().endsWith(".jar")) {
      return List.of(artefact.toString());
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(javaOptions);
    command.addAll(List.of("-jar", artefact.toString()));
    return command;
  }

  /** Where {@code ./skep test} and {@code ./skep build} put the AOT cache of the artefact. */
  static Path cache() {
    return Path.of("..", "target", "skep.aot").toAbsolutePath().normalize();
  }

  /** What is started: a jar or an executable. */
  static Path artefact() {
    String named = System.getenv("SKEP_ARTEFACT");
    return Path.of(
            named != null
                ? named
                : System.getProperty("skep.artefact", "../target/quarkus-app/quarkus-run.jar"))
        .toAbsolutePath()
        .normalize();
  }

  public URI base() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public int port() {
    return port;
  }

  public Path data() {
    return data;
  }

  public Process process() {
    return process;
  }

  /** All that it has written to its terminal. */
  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The administrator of this start, by the session in {@code data/admin}. */
  public Client admin() {
    return new Client(this, "admin", adminFile("session"));
  }

  /** A line of {@code data/admin}. */
  public String adminFile(String key) {
    try {
      return Files.readAllLines(data.resolve("admin")).stream()
          .filter(line -> line.startsWith(key + "="))
          .map(line -> line.substring(key.length() + 1))
          .findFirst()
          .orElseThrow(() -> new AssertionError("data/admin has no line " + key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Somebody with this secret. */
  public Client as(String user, String secret) {
    return new Client(this, user, secret);
  }

  /** Nobody: requests without log-in. */
  public Client nobody() {
    return new Client(this, null, null);
  }

  public void awaitReady() {
    long end = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < end) {
      if (!process.isAlive()) {
        throw new AssertionError("Skep ended with " + process.exitValue() + ":\n" + output());
      }
      if (isReady()) {
        return;
      }
      sleep();
    }
    process.destroyForcibly();
    throw new AssertionError("Skep was not ready after " + START + ":\n" + output());
  }

  private boolean isReady() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) base().resolve("/q/health/ready").toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(5000);
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits for a process that ends by itself; the exit code. */
  public int awaitEnd(Duration patience) {
    try {
      if (process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    throw new AssertionError("Skep did not end within " + patience + ":\n" + output());
  }

  /** SIGTERM; it must have ended 10 seconds later. */
  public void stop() {
    process.destroy();
    awaitEnd(STOP);
  }

  /** SIGKILL. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd(STOP);
  }

  /** Stops it if it still runs. */
  @Override
  public void close() {
    if (process.isAlive()) {
      stop();
    }
  }

  /** A new folder below target, so that it is on a real disk and {@code clean} removes it. */
  public static Path newFolder(String name) {
    try {
      Path parent = Files.createDirectories(Path.of("target", "skep").toAbsolutePath());
      return Files.createTempDirectory(parent, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
