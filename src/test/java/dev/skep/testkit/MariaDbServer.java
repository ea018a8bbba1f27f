package dev.skep.testkit;

import dev.skep.testkit.server.GivenServer;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real MariaDB as a child process on a free loopback port; or the server that {@code
 * SKEP_TEST_MYSQL_URL} names ({@code mysql://user:password@host:port}, or {@code
 * jdbc:mariadb://host:port/?user=…&password=…}), by a user who may make databases and drop them.
 */
public final class MariaDbServer implements AutoCloseable {

  private static final String NAME = "MYSQL";

  /**
   * The client warns of every refused statement, also of the expected ones; kept from collection.
   */
  private static final Logger CLIENT_LOG = Logger.getLogger("org.mariadb.jdbc");

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final String endpoint;
  private final String user;
  private final String password;
  private final @Nullable ServerProcess process;
  private final List<String> databases = new ArrayList<>();

  /** An empty database of the server. */
  public record Database(MySqlSettings settings) {

    /** A connection for what a test does beside the port. */
    public Connection connect() throws SQLException {
      return DriverManager.getConnection(
          "jdbc:mariadb://" + settings.endpoints() + "/" + settings.database(),
          settings.user(),
          settings.password().orElse(""));
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

  private MariaDbServer(
      String endpoint, String user, String password, @Nullable ServerProcess process) {
    this.endpoint = endpoint;
    this.user = user;
    this.password = password;
    this.process = process;
  }

  /**
   * Starts it; aborts the test, saying why, where there is no server and none can be installed.
   *
   * @param options of {@code mariadbd}, which come after the usual ones; a given server keeps its
   *     own
   */
  public static MariaDbServer start(String... options) throws Exception {
    GivenServer given = GivenServer.named(NAME, 3306);
    if (given == null) {
      return startOwn(options);
    }
    CLIENT_LOG.setLevel(Level.OFF);
    return new MariaDbServer(
        given.host() + ":" + given.port(),
        given.user().orElse("root"),
        given.password().orElse(""),
        null);
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
    String endpoint = "127.0.0.1:" + port;
    return new MariaDbServer(
        endpoint,
        "root",
        "",
        ServerProcess.start(
            "MariaDB",
            folder,
            command,
            () -> {
              try (Connection connection = connect(endpoint, "root", "")) {
                return connection.isValid(1);
              }
            }));
  }

  /** Makes an empty database. */
  public Database newDatabase() throws SQLException {
    String name = "skep_test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
    try (Connection connection = connect(endpoint, user, password);
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    databases.add(name);
    return new Database(MySqlSettings.of(endpoint, name, user, password));
  }

  /** Name and version, as the server tells it: {@code MariaDB 10.11.14}. */
  public String version() throws SQLException {
    try (Connection connection = connect(endpoint, user, password)) {
      var about = connection.getMetaData();
      return about.getDatabaseProductName() + " " + about.getDatabaseProductVersion().split("-")[0];
    }
  }

  /** Its process; aborts the test where the server was given. */
  public ServerProcess process() {
    return process == null ? GivenServer.notOurs(NAME) : process;
  }

  /** Ends it; a given one loses the databases that were made. */
  @Override
  public void close() {
    if (process != null) {
      process.close();
      return;
    }
    try (Connection connection = connect(endpoint, user, password);
        var statement = connection.createStatement()) {
      for (String name : databases) {
        statement.execute("DROP DATABASE IF EXISTS " + name);
      }
    } catch (SQLException e) {
      System.out.println("Databases " + databases + " stay on " + endpoint + ": " + e.getMessage());
    }
  }

  private static Connection connect(String endpoint, String user, String password)
      throws SQLException {
    return DriverManager.getConnection("jdbc:mariadb://" + endpoint + "/", user, password);
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
            + GivenServer.variable(NAME)
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
