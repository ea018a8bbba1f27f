package dev.skep.blackbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What all requests of this run were answered with, by method and route. Each process of the run
 * adds to a file of its own, so that the last one can judge them all. Thread-safe.
 */
public final class Observations {

  /** Of this run of Maven ({@code skep.run}), whatever earlier ones have left. */
  private static final Path FOLDER =
      Path.of("target", "observations", System.getProperty("skep.run", "of-an-ide"));

  private static final Path FILE = FOLDER.resolve(ProcessHandle.current().pid() + ".txt");

  /** Before an answer that a test has demanded by its status, rather than only got. */
  private static final String DEMANDED = "demanded ";

  // The one mutable static of these tests: it is of the whole run by its nature.
  private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

  private Observations() {}

  /** One answer. A path that no route of the description has is recorded as it is. */
  public static void record(String method, String path, int status) {
    note(pairOf(method, path, status));
  }

  /**
   * A test demands that this is the answer.
   *
   * @param request method and path
   */
  static void demanded(String request, int status) {
    int space = request.indexOf(' ');
    note(DEMANDED + pairOf(request.substring(0, space), request.substring(space + 1), status));
  }

  private static String pairOf(String method, String path, int status) {
    String plain = path.indexOf('?') < 0 ? path : path.substring(0, path.indexOf('?'));
    return pair(method, Description.get().route(plain).orElse("unknown " + plain), status);
  }

  private static void note(String line) {
    if (SEEN.add(line)) {
      write(line.replace("\n", "%0A"));
    }
  }

  private static synchronized void write(String line) {
    try {
      Files.createDirectories(FOLDER);
      Files.writeString(FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String pair(String method, String route, int status) {
    return method + " " + route + " → " + status;
  }

  /** What all processes were answered so far. */
  static Set<String> all() {
    Set<String> all = lines();
    all.removeIf(line -> line.startsWith(DEMANDED));
    return all;
  }

  /** What a test of any process has demanded, and got. */
  static Set<String> allDemanded() {
    return lines().stream()
        .filter(line -> line.startsWith(DEMANDED))
        .map(line -> line.substring(DEMANDED.length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> lines() {
    Set<String> all = new TreeSet<>();
    if (Files.isDirectory(FOLDER)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(FOLDER)) {
        for (Path file : files) {
          all.addAll(Files.readAllLines(file));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return all;
  }
}
