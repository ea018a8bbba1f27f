package dev.skep.testkit;

import dev.skep.testkit.server.GivenServer;
import dev.skep.testkit.server.ServerProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A real MariaDB or MySQL as a child process on a free loopback port; or the server that {@code
 * SKEP_TEST_MYSQL_URL} names ({@code mysql://user:password@host:port}, or {@code
 * jdbc:mariadb://host:port/?user=…&password=…}), by a user who may make databases and drop them. A
 * {@link SqlEngine} starts it.
 */
public final class SqlServer implements AutoCloseable {

  static final String NAME = "MYSQL";

  /**
   * The client warns of every refused statement, also of the expected ones; kept from collection.
   */
  private static final Logger CLIENT_LOG = Logger.getLogger("org.mariadb.jdbc");

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final String endpoint;
  private final LogIn administrator;
  private final @Nullable ServerProcess process;
  private final List<String> databases = new ArrayList<>();

  /** Who signs in. */
  record LogIn(String user, String password) {}

  /** An empty database of the server. */
  public record Database(MySqlSettings settings) {

    /** A connection for what a test does beside the port. */
    public Connection connect() throws SQLException {
      return SqlServer.connect(
          settings.endpoints(),
          settings.database(),
          new LogIn(settings.user(), settings.password().orElse("")));
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

  private SqlServer(String endpoint, LogIn administrator, @Nullable ServerProcess process) {
    this.endpoint = endpoint;
    this.administrator = administrator;
    this.process = process;
    CLIENT_LOG.setLevel(Level.OFF);
  }

  /** The one that the tester provides; null when there is none. */
  static @Nullable SqlServer given() {
    GivenServer given = GivenServer.named(NAME, 3306);
    return given == null
        ? null
        : new SqlServer(
            given.host() + ":" + given.port(),
            new LogIn(given.user().orElse("root"), given.password().orElse("")),
            null);
  }

  static SqlServer start(
      String product, Path folder, List<String> command, int port, LogIn administrator)
      throws Exception {
    String endpoint = "127.0.0.1:" + port;
    return new SqlServer(
        endpoint,
        administrator,
        ServerProcess.start(
            product,
            folder,
            command,
            () -> {
              try (Connection connection = connect(endpoint, "", administrator)) {
                return connection.isValid(1);
              }
            }));
  }

  /** Makes an empty database. */
  public Database newDatabase() throws SQLException {
    String name = "skep_test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
    try (Connection connection = connect(endpoint, "", administrator);
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    databases.add(name);
    return new Database(
        MySqlSettings.of(endpoint, name, administrator.user(), administrator.password()));
  }

  /** Name and version, as the server tells it: {@code MariaDB 10.11.14}. */
  public String version() throws SQLException {
    try (Connection connection = connect(endpoint, "", administrator)) {
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
    try (Connection connection = connect(endpoint, "", administrator);
        var statement = connection.createStatement()) {
      for (String name : databases) {
        statement.execute("DROP DATABASE IF EXISTS " + name);
      }
    } catch (SQLException e) {
      System.out.println("Databases " + databases + " stay on " + endpoint + ": " + e.getMessage());
    }
  }

  /** MySQL's usual way to sign in gives its key to whoever asks, when there is no TLS. */
  private static Connection connect(String endpoint, String database, LogIn who)
      throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://" + endpoint + "/" + database + "?allowPublicKeyRetrieval=true",
        who.user(),
        who.password());
  }
}
