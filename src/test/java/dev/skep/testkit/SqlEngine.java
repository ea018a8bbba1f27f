package dev.skep.testkit;

import dev.skep.testkit.server.GivenServer;
import dev.skep.testkit.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The products that one driver serves; what a test need not know of how each is started. */
public enum SqlEngine {
  MARIADB("MariaDB") {
    @Override
    void ensureInstalled() throws Exception {
      Assumptions.assumeTrue(
          ServerProcess.isInstalled("mariadbd"),
          "no MariaDB: install the package mariadb-server, or set "
              + GivenServer.variable(SqlServer.NAME)
              + " to a server's address");
    }

    @Override
    List<String> initialise(String user, String data) {
      return List.of(
          "mariadb-install-db",
          "--no-defaults",
          "--auth-root-authentication-method=normal",
          "--skip-test-db",
          user,
          data);
    }

    @Override
    List<String> serve(Path folder) {
      return List.of("mariadbd", "--no-defaults");
    }

    @Override
    SqlServer.LogIn administrator() {
      return new SqlServer.LogIn("root", "");
    }

    @Override
    public String withoutTls() {
      return "--skip-ssl";
    }
  },

  MYSQL("MySQL") {
    @Override
    void ensureInstalled() {
      MySqlProgram.require();
    }

    @Override
    List<String> initialise(String user, String data) {
      // Nothing of a new server is worth the wait for a busy disk.
      return List.of(
          MySqlProgram.path(),
          "--no-defaults",
          "--initialize-insecure",
          "--innodb-flush-method=nosync",
          "--innodb-redo-log-capacity=8M",
          "--skip-log-bin",
          user,
          data);
    }

    @Override
    List<String> serve(Path folder) throws IOException {
      // Its root may come from localhost only, by name, which it is told not to look up.
      Path first =
          Files.writeString(
              folder.resolve("first.sql"),
              """
              CREATE USER IF NOT EXISTS '%1$s'@'%%' IDENTIFIED WITH caching_sha2_password BY '%2$s';
              GRANT ALL ON *.* TO '%1$s'@'%%' WITH GRANT OPTION;
              """
                  .formatted(administrator().user(), administrator().password()));
      return List.of(
          MySqlProgram.path(),
          "--no-defaults",
          "--init-file=" + first,
          "--mysqlx=OFF",
          "--secure-file-priv=NULL");
    }

    @Override
    SqlServer.LogIn administrator() {
      return new SqlServer.LogIn("keeper", "a pass & word");
    }

    @Override
    public String withoutTls() {
      return "--tls-version=";
    }
  };

  private final String product;

  SqlEngine(String product) {
    this.product = product;
  }

  /** Aborts the test, saying why, where there is no server and none can be had. */
  abstract void ensureInstalled() throws Exception;

  /** The command that makes its data folder. */
  abstract List<String> initialise(String user, String data);

  /** The command that starts it, without what both have in common. */
  abstract List<String> serve(Path folder) throws IOException;

  /** Who may do everything on a new server. */
  abstract SqlServer.LogIn administrator();

  /** The option of a server that does not speak TLS. */
  public abstract String withoutTls();

  /**
   * Starts it, or takes the given server where that is of this kind; aborts the test, saying why,
   * where there is neither.
   *
   * @param options of the server, which come after the usual ones; a given server keeps its own
   */
  public SqlServer start(String... options) throws Exception {
    SqlServer given = SqlServer.given();
    return given != null && isKindOf(given) ? given : startOwn(options);
  }

  /** The same, but never a given one: to be killed, frozen or started with options. */
  public SqlServer startOwn(String... options) throws Exception {
    ensureInstalled();
    Path folder = newFolder();
    run(folder, List.of("cp", "-r", DataFolder.of(this) + "/.", folder.resolve("data").toString()));
    int port = ServerProcess.freePort();
    List<String> command = new ArrayList<>(serve(folder));
    command.addAll(
        List.of(
            user(),
            data(folder.resolve("data")),
            "--socket=" + folder.resolve("socket"),
            "--pid-file=" + folder.resolve("pid"),
            "--bind-address=127.0.0.1",
            "--port=" + port,
            "--skip-name-resolve",
            "--max-connections=500",
            "--innodb-flush-log-at-trx-commit=1"));
    command.addAll(List.of(options));
    return SqlServer.start(product, folder, command, port, administrator());
  }

  Path newFolder() throws IOException {
    return Files.createTempDirectory("skep-" + product.toLowerCase(Locale.ROOT));
  }

  private boolean isKindOf(SqlServer server) throws SQLException {
    return server.version().startsWith(product + " ");
  }

  private static String user() {
    return "--user=" + System.getProperty("user.name");
  }

  private static String data(Path folder) {
    return "--datadir=" + folder;
  }

  /** Makes the data folder of a new server. */
  void makeData(Path folder) throws Exception {
    run(folder.getParent(), initialise(user(), data(folder)));
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
