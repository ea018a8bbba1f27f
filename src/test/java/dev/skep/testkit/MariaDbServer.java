package dev.skep.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real MariaDB as a child process on a free loopback port; or the server that {@code
 * SKEP_TEST_MYSQL_URL} names ({@code jdbc:mariadb://host:port/?user=…&password=…}, with the right
 * to make databases).
 */
public final class MariaDbServer implements AutoCloseable {

  private static final String GIVEN = "SKEP_TEST_MYSQL_URL";

  /**
   * The client warns of every refused statement, also of the expected ones; kept from collection.
   */
  private static final Logger CLIENT_LOG = Logger.getLogger("org.mariadb.jdbc");

  private static final Duration START = Duration.ofSeconds(60);

  private final String url;
  private final @Nullable Process process;
  private final @Nullable Path folder;
  private final AtomicInteger databases = new AtomicInteger();

  private MariaDbServer(String url, @Nullable Process process, @Nullable Path folder) {
    this.url = url;
    this.process = process;
    this.folder = folder;
  }

  /**
   * Starts it; aborts the test, saying why, where there is no server and none can be installed.
   *
   * @param options of {@code mariadbd}, which come after the usual ones; a given server keeps its
   *     own
   */
  public static MariaDbServer start(String... options) throws Exception {
    CLIENT_LOG.setLevel(Level.OFF);
    String given = System.getenv(GIVEN);
    if (given != null) {
      return new MariaDbServer(given, null, null);
    }
    ensureInstalled();
    Path folder = Files.createTempDirectory("skep-mariadb");
    Path data = folder.resolve("data");
    String user = "--user=" + System.getProperty("user.name");
    run(
        folder,
        List.of(
            "mariadb-install-db",
            "--no-defaults",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            user,
            "--datadir=" + data));
    int port = freePort();
    List<String> command =
        new ArrayList<>(
            List.of(
                "mariadbd",
                "--no-defaults",
                user,
                "--datadir=" + data,
                "--socket=" + folder.resolve("socket"),
                "--pid-file=" + folder.resolve("pid"),
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--skip-name-resolve",
                "--max-connections=500",
                "--innodb-flush-log-at-trx-commit=1"));
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    MariaDbServer server =
        new MariaDbServer("jdbc:mariadb://127.0.0.1:" + port + "/?user=root", process, folder);
    server.awaitReady(process, folder.resolve("log"));
    return server;
  }

  /** Makes an empty database and returns its JDBC address. */
  public String newDatabase() throws SQLException {
    String name = "skep_test_" + ProcessHandle.current().pid() + "_" + databases.incrementAndGet();
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    }
    return url.replaceFirst("/\\?", "/" + name + "?");
  }

  /** Name and version, as the server tells it: {@code MariaDB 10.11.14}. */
  public String version() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      var about = connection.getMetaData();
      return about.getDatabaseProductName() + " " + about.getDatabaseProductVersion().split("-")[0];
    }
  }

  /** The child process, to be stopped or killed by a test; absent for a server that was given. */
  public @Nullable Process process() {
    return process;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    if (process == null || folder == null) {
      return;
    }
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(MariaDbServer::delete);
    }
  }

  /** For the end of the process, where nobody can be told. */
  void closeQuietly() {
    try {
      close();
    } catch (IOException | UncheckedIOException e) {
      // A temporary folder stays.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitReady(Process server, Path log) throws Exception {
    long deadline = System.nanoTime() + START.toNanos();
    while (true) {
      try (Connection connection = DriverManager.getConnection(url)) {
        return;
      } catch (SQLException e) {
        if (!server.isAlive() || System.nanoTime() > deadline) {
          throw new IllegalStateException("MariaDB did not start: " + Files.readString(log), e);
        }
        Thread.sleep(50);
      }
    }
  }

  private static void ensureInstalled() throws Exception {
    if (isInstalled()) {
      return;
    }
    System.out.println("mariadbd is not installed: trying apt-get install mariadb-server");
    try {
      Path log = Files.createTempDirectory("skep-apt");
      run(log, List.of("apt-get", "install", "-y", "-q", "mariadb-server"));
    } catch (IOException | IllegalStateException e) {
      System.out.println("it cannot be installed: " + e.getMessage());
    }
    Assumptions.assumeTrue(
        isInstalled(),
        "no MariaDB: install the package mariadb-server, or set "
            + GIVEN
            + " to a server's address");
  }

  private static boolean isInstalled() {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(each -> Files.isExecutable(Path.of(each, "mariadbd")));
  }

  private static void run(Path folder, List<String> command) throws Exception {
    Path log = folder.resolve("command.log");
    Process process =
        new ProcessBuilder(new ArrayList<>(command))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException(command + " failed: " + Files.readString(log));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
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
