package dev.skep.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A server as a child process, with a folder of its own that outlives its restarts. It ends with
 * this process at the latest. One thread at a time.
 */
public final class ServerProcess implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(60);

  private final String name;
  private final Path folder;
  private final List<String> command;
  private final Callable<Boolean> ready;
  private Process process;

  private ServerProcess(String name, Path folder, List<String> command, Callable<Boolean> ready)
      throws IOException {
    this.name = name;
    this.folder = folder;
    this.command = List.copyOf(command);
    this.ready = ready;
    this.process = launch();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroyForcibly()));
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param ready asked again and again; what it throws counts as no
   */
  public static ServerProcess start(
      String name, Path folder, List<String> command, Callable<Boolean> ready) throws Exception {
    ServerProcess server = launch(name, folder, command, ready);
    server.awaitReady();
    return server;
  }

  /** Starts it without waiting, as a member of a cluster that needs the others to become ready. */
  public static ServerProcess launch(
      String name, Path folder, List<String> command, Callable<Boolean> ready) throws IOException {
    return new ServerProcess(name, folder, command, ready);
  }

  public void awaitReady() throws Exception {
    long deadline = System.nanoTime() + START.toNanos();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(name + " did not start: " + Files.readString(log()));
      }
      Thread.sleep(20);
    }
  }

  /** Ends it as {@code kill -9} does, which it cannot prevent. */
  public void kill() {
    process.destroyForcibly();
    join();
  }

  /** Asks it to end, as SIGTERM does, and waits. */
  public void stop() {
    process.destroy();
    try {
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    join();
  }

  /** Starts it again on the same data, after {@link #kill} or {@link #stop}. */
  public void restart() throws Exception {
    relaunch();
    awaitReady();
  }

  /** The same without waiting, for a member of a cluster that needs the others to become ready. */
  public void relaunch() throws IOException {
    if (process.isAlive()) {
      throw new IllegalStateException(name + " is still running");
    }
    process = launch();
  }

  /** Stops its threads (SIGSTOP): connections stay, nothing answers. */
  public void freeze() throws Exception {
    signal("STOP");
  }

  /** Lets it go on (SIGCONT). */
  public void thaw() throws Exception {
    signal("CONT");
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    kill();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(ServerProcess::delete);
    } catch (IOException | UncheckedIOException e) {
      // A temporary folder stays.
    }
  }

  /**
   * A port that is free now. Not of the range from which systems take those of outgoing
   * connections, one of which could sit on it while a server is started again; and tests that run
   * side by side have a range each.
   */
  public static int freePort() {
    int first = Integer.getInteger("skep.ports.first", 20_000);
    int last = Integer.getInteger("skep.ports.last", 31_999);
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(first, last + 1);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // taken: the next one
      }
    }
  }

  /** Aborts the test, saying why, where the command is missing. */
  public static void require(String command, String debianPackage, String variable) {
    Assumptions.assumeTrue(
        isInstalled(command),
        "no %s on this machine: install the package %s, or set %s to a server's address"
            .formatted(command, debianPackage, variable));
  }

  public static boolean isInstalled(String command) {
    return Stream.concat(
            Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/sbin"))
        .anyMatch(each -> Files.isExecutable(Path.of(each, command)));
  }

  private Process launch() throws IOException {
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
  }

  private Path log() {
    return folder.resolve("log");
  }

  private boolean isReady() {
    try {
      return ready.call();
    } catch (Exception e) {
      return false;
    }
  }

  private void signal(String signal) throws Exception {
    int exit = new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start().waitFor();
    if (exit != 0) {
      throw new IllegalStateException("kill -" + signal + " of " + name + " gave " + exit);
    }
  }

  private void join() {
    boolean interrupted = false;
    while (process.isAlive()) {
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
