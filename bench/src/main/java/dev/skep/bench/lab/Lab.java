package dev.skep.bench.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where rows work: a folder on the checkout's disk, and the processes started there. Both end with
 * it, also when the program is interrupted.
 */
public final class Lab implements AutoCloseable {

  private final Path checkout;
  private final Path folder;
  private final boolean quick;
  private final boolean cold;
  private final Deque<Child> children = new ArrayDeque<>();
  private final long begin = System.nanoTime();
  private volatile boolean closed;

  private Lab(Path checkout, Path folder, boolean quick, boolean cold) {
    this.checkout = checkout;
    this.folder = folder;
    this.quick = quick;
    this.cold = cold;
  }

  public static Lab open(Path checkout, boolean quick, boolean cold) throws IOException {
    Path target = Files.createDirectories(checkout.resolve("target"));
    Lab lab = new Lab(checkout, Files.createTempDirectory(target, "bench-"), quick, cold);
    Runtime.getRuntime().addShutdownHook(new Thread(lab::close, "end of the lab"));
    return lab;
  }

  public Path checkout() {
    return checkout;
  }

  /** On the disk that is measured. */
  public Path folder() {
    return folder;
  }

  /** Whether short rounds are wanted: to see that all works, not for figures to keep. */
  public boolean isQuick() {
    return quick;
  }

  /** Whether the clone is also built without any library on this machine. */
  public boolean isCold() {
    return cold;
  }

  /** One of two values, by how much time there is. */
  public <T> T fullOrQuick(T full, T short_) {
    return quick ? short_ : full;
  }

  public Path newFolder(String name) throws IOException {
    return Files.createTempDirectory(folder, name + "-");
  }

  /** Progress, with the seconds since the start. */
  public void say(String sentence) {
    System.err.printf("[%4.0f s] %s%n", (System.nanoTime() - begin) / 1e9, sentence);
  }

  /** Starts a process; its output goes to a file of the lab. */
  public Child start(ProcessBuilder builder) throws IOException {
    Path output = Files.createTempFile(folder, "output-", ".txt");
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    synchronized (children) {
      if (closed) {
        throw new IOException("the bench was interrupted");
      }
      Child child = new Child(builder.start(), output);
      children.push(child);
      return child;
    }
  }

  /** Runs a command to its end; fails with its output unless it ends with 0. */
  public void run(Duration patience, String... command) throws IOException {
    Child child = start(new ProcessBuilder(command));
    int code = child.await(patience);
    if (code != 0) {
      throw new IOException(
          String.join(" ", command) + " ended with " + code + ": " + child.output());
    }
  }

  /** What a command prints; empty when there is no such command. */
  public String output(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** Those of the commands, or of their absolute names, that are not on this machine. */
  public List<String> missing(List<String> commands) {
    return commands.stream().filter(command -> find(command) == null).toList();
  }

  private static Path find(String command) {
    String path = System.getenv("PATH") + ":/usr/sbin:/usr/local/sbin";
    return Stream.of(path.split(":"))
        .map(folder -> Path.of(folder).resolve(command))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /** The absolute name of a command. */
  public String command(String name) {
    Path found = find(name);
    return found == null ? name : found.toString();
  }

  /** Lets everything that was written reach the disk, so that no row pays for another one. */
  public void settle() throws IOException {
    run(Duration.ofMinutes(5), "sync", "-f", folder.toString());
  }

  /** Removes a folder and all in it. */
  public void remove(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      all.sorted(Comparator.reverseOrder()).forEach(each -> each.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      say("could not remove all of " + path + ": " + e.getMessage());
    }
  }

  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends all processes and empties the folder. */
  public void stopAll() {
    synchronized (children) {
      while (!children.isEmpty()) {
        children.pop().close();
      }
      try (Stream<Path> inside = Files.list(folder)) {
        inside.toList().forEach(this::remove);
      } catch (NoSuchFileException e) {
        return; // It was closed meanwhile.
      } catch (IOException e) {
        say("could not list " + folder + ": " + e.getMessage());
      }
    }
  }

  /** Whether it ends, so that what fails now fails for that reason. */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    synchronized (children) {
      stopAll();
      remove(folder);
    }
  }
}
