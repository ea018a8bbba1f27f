package dev.skep.testkit;

import dev.skep.testkit.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real MariaDB as a child process on a free loopback port; or the server that {@code
 * SKEP_TEST_MYSQL_URL} names ({@code jdbc:mariadb://host:port/?user=…&password=…}, with the right
 * to make databases).
 */
public final class MariaDbServer implements AutoCloseable {

  private static final String GIVEN = "SKEP_TEST_MYSQL_URL";
  private static final Pattern URL =
      Pattern.compile("jdbc:mariadb://([^/]+)/\\?user=([^&]+)(?:&password=([^&]*))?.*");

  /**
   * The client warns of every refused statement, also of the expected ones; kept from collection.
   */
  private static final Logger CLIENT_LOG = Logger.getLogger("org.mariadb.jdbc");

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final String url;
  private final @Nullable ServerProcess process;

  /** An empty database of the server. */
  public record Database(MySqlSettings settings) {

    /** A connection for what a test does beside the port. */
    public Connection connect() throws SQLException {
      return DriverManager.getConnection(
          "jdbc:mariadb://%s/%s?user=%s&password=%s"
              .formatted(
                  settings.endpoints(),
                  settings.database(),
                  settings.user(),
                  settings.password().orElse("")));
    }

    /** Runs statements beside the port. */
    public void run(String... statements) throws SQLException {
      try (Connection connection = connect();
          var statement = connection.createStatement()) {
        for (String each : statements) {
          statement.execute(each);
        }
      }
    }

    /** The first column of the first row. */
    public String value(String query) throws SQLException {
      try (Connection connection = connect();
          var statement = connection.createStatement();
          var result = statement.executeQuery(query)) {
        result.next();
        return result.getString(1);
      }
    }
  }

  private MariaDbServer(String url, @Nullable ServerProcess process) {
    this.url = url;
    this.process = process;
  }

  /**
   * Starts it; aborts the test, saying why, where there is no server and none can be installed.
   *
   * @param options of {@code mariadbd}, which come after the usual ones; a given server keeps its
   *     own
   */
  public static MariaDbServer start(String... options) throws Exception {
    String given = System.getenv(GIVEN);
    if (given == null) {
      return startOwn(options);
    }
    CLIENT_LOG.setLevel(Level.OFF);
    return new MariaDbServer(given, null);
  }

  /** The same, but never a given one: to be killed, frozen or started with options. */
  public static MariaDbServer startOwn(String... options) throws Exception {
    CLIENT_LOG.setLevel(Level.OFF);
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
    int port = ServerProcess.freePort();
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
    String url = "jdbc:mariadb://127.0.0.1:" + port + "/?user=root";
    return new MariaDbServer(
        url, ServerProcess.start("MariaDB", folder, command, () -> answers(url)));
  }

  /** Makes an empty database. */
  public Database newDatabase() throws SQLException {
    String name = "skep_test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalStateException(
          GIVEN + " is not jdbc:mariadb://host:port/?user=…&password=…");
    }
    String password = parts.group(3) == null ? "" : parts.group(3);
    return new Database(MySqlSettings.of(parts.group(1), name, parts.group(2), password));
  }

  /** Name and version, as the server tells it: {@code MariaDB 10.11.14}. */
  public String version() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      var about = connection.getMetaData();
      return about.getDatabaseProductName() + " " + about.getDatabaseProductVersion().split("-")[0];
    }
  }

  /** The child process; only of a server that {@link #startOwn} has started. */
  public ServerProcess process() {
    if (process == null) {
      throw new IllegalStateException("a given server is not ours to stop");
    }
    return process;
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }

  private static boolean answers(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      return connection.isValid(1);
    }
  }

  private static void ensureInstalled() throws Exception {
    if (ServerProcess.isInstalled("mariadbd")) {
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
        ServerProcess.isInstalled("mariadbd"),
        "no MariaDB: install the package mariadb-server, or set "
            + GIVEN
            + " to a server's address");
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
}
