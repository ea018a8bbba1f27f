package dev.skep.cluster.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A folder under {@code target} and the processes that work in it. Both end with it, also when the
 * program is interrupted while half of them have started. Thread-safe.
 */
public final class Site implements AutoCloseable {

  private static final Duration END = Duration.ofSeconds(12);
  private static final Duration PAUSE = Duration.ofMillis(20);

  /**
   * Below the range from which systems take the ports of outgoing connections: one of those could
   * sit on a port between its choice and its use. Tests that run side by side have a part each.
   */
  private static final int FIRST_PORT = Integer.getInteger("skep.ports.first", 20_000);

  private static final int LAST_PORT = Integer.getInteger("skep.ports.last", 31_999);

  private final Path folder;
  private final boolean keep;
  private final long begin = System.nanoTime();
  private final Deque<Child> children = new ArrayDeque<>();
  private volatile boolean closed;

  /** Asked again and again while a process starts. */
  public interface Check {
    boolean isReady() throws IOException, InterruptedException;
  }

  private Site(Path folder, boolean keep) {
    this.folder = folder;
    this.keep = keep;
  }

  /**
   * @param keep whether the folder stays
   */
  public static Site open(Path checkout, boolean keep) throws IOException {
    Path target = Files.createDirectories(checkout.resolve("target"));
    Site site = new Site(Files.createTempDirectory(target, "cluster-"), keep);
    Runtime.getRuntime().addShutdownHook(new Thread(site::close, "end of the site"));
    return site;
  }

  /** Progress, with the seconds since the start. */
  public void say(String sentence) {
    System.err.printf("[%5.1f s] %s%n", (System.nanoTime() - begin) / 1e9, sentence);
  }

  public Path folder() {
    return folder;
  }

  public Path newFolder(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  /** Starts a process; its output is added to {@code NAME.log} in the site's folder. */
  public Child start(String name, ProcessBuilder builder) throws IOException {
    Path log = folder.resolve(name + ".log");
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    synchronized (children) {
      if (closed) {
        throw new IOException("interrupted");
      }
      Child child = new Child(name, builder.start(), log);
      children.push(child);
      return child;
    }
  }

  /**
   * Waits until a process is ready; what the check throws counts as not yet.
   *
   * @throws IOException with its last words when it ends before, or takes too long
   */
  public void await(Child child, Duration patience, Check check)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!isReady(check)) {
      if (closed) {
        throw new IOException("interrupted");
      }
      if (!child.isAlive()) {
        throw new IOException(child.name() + " ended while it started:\n" + child.lastLines());
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            child.name()
                + " is not ready after "
                + patience.toSeconds()
                + " s:\n"
                + child.lastLines());
      }
      Thread.sleep(PAUSE);
    }
  }

  private static boolean isReady(Check check) throws InterruptedException {
    try {
      return check.isReady();
    } catch (IOException e) {
      return false;
    }
  }

  /** A port of 127.0.0.1 on which nothing listens now. */
  public static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT + 1);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // taken: the next one
      }
    }
  }

  /** The absolute name of a command, also of those for administrators. */
  public static Path command(String name) throws IOException {
    String path = System.getenv("PATH") + ":/usr/sbin:/usr/local/sbin:/sbin";
    return Stream.of(path.split(":"))
        .map(each -> Path.of(each, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IOException(name + " is not installed on this machine"));
  }

  public boolean isClosed() {
    return closed;
  }

  /** Ends all processes, the last one started first, and removes the folder. */
  @Override
  public void close() {
    closed = true;
    synchronized (children) {
      List<Child> ending = List.copyOf(children);
      children.clear();
      // Replicas first: they hand back what they hold while the servers are still there.
      ending.stream().filter(Site::isReplica).forEach(Child::terminate);
      long deadline = System.nanoTime() + END.toNanos();
      ending.stream().filter(Site::isReplica).forEach(child -> child.end(deadline));
      ending.forEach(Child::terminate);
      ending.forEach(child -> child.end(deadline));
      if (!keep) {
        remove(folder);
      }
    }
  }

  private static boolean isReplica(Child child) {
    return child.name().startsWith("replica");
  }

  private static void remove(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      all.sorted(Comparator.reverseOrder()).forEach(each -> each.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      System.err.println("could not remove " + path + ": " + e.getMessage());
    }
  }
}
