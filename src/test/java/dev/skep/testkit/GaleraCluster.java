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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Three MariaDB nodes that replicate to each other by Galera, with time-outs shorter than usual, so
 * that a test sees several elections.
 */
public final class GaleraCluster implements AutoCloseable {

  private static final List<Path> LIBRARIES =
      Stream.of("/usr/lib/galera/libgalera_smm.so", "/usr/lib64/galera-4/libgalera_smm.so")
          .map(Path::of)
          .toList();
  private static final String ACCOUNT = "mysql";
  private static final int NODES = 3;

  private final List<Node> nodes = new ArrayList<>();

  /** One of them. */
  public static final class Node {

    private final Path folder;
    private final int port;
    private final int group;
    private final int incremental;
    private final int whole;
    private ServerProcess process;

    private Node(Path folder) throws IOException {
      this.folder = folder;
      this.port = ServerProcess.freePort();
      this.group = ServerProcess.freePort();
      this.incremental = ServerProcess.freePort();
      this.whole = ServerProcess.freePort();
    }

    public String endpoint() {
      return "127.0.0.1:" + port;
    }

    public ServerProcess process() {
      return process;
    }

    /** Whether it belongs to the part of the cluster that has a quorum, and is in step. */
    public boolean isReady() {
      try {
        return "ON".equals(status("wsrep_ready"));
      } catch (SQLException e) {
        return false;
      }
    }

    public String status(String name) throws SQLException {
      try (Connection connection = connect("");
          var statement = connection.createStatement();
          var found = statement.executeQuery("SHOW STATUS LIKE '" + name + "'")) {
        found.next();
        return found.getString(2);
      }
    }

    public Connection connect(String database) throws SQLException {
      return DriverManager.getConnection(
          "jdbc:mariadb://%s/%s?connectTimeout=2000&socketTimeout=5000"
              .formatted(endpoint(), database),
          "root",
          "");
    }
  }

  private GaleraCluster() {}

  /** Starts it; aborts the test, saying why, where that cannot be. */
  public static GaleraCluster start() throws Exception {
    SqlEngine.MARIADB.ensureInstalled();
    Optional<Path> library = LIBRARIES.stream().filter(Files::exists).findFirst();
    Assumptions.assumeTrue(library.isPresent(), "no Galera: install the package galera-4");
    Assumptions.assumeTrue(
        ServerProcess.isInstalled("rsync"), "no rsync, by which a Galera node joins: install it");
    GaleraCluster cluster = new GaleraCluster();
    try {
      cluster.startNodes(library.get());
      return cluster;
    } catch (Exception | Error e) {
      cluster.close();
      throw e;
    }
  }

  public Node node(int number) {
    return nodes.get(number);
  }

  /** The endpoints, with this node first. */
  public String endpointsFrom(int first) {
    return String.join(
        ",",
        IntStream.range(0, NODES).mapToObj(i -> node((first + i) % NODES).endpoint()).toList());
  }

  @Override
  public void close() {
    nodes.stream().filter(each -> each.process != null).forEach(each -> each.process.close());
  }

  private void startNodes(Path library) throws Exception {
    for (int i = 0; i < NODES; i++) {
      nodes.add(new Node(newFolder()));
    }
    String all = String.join(",", nodes.stream().map(each -> "127.0.0.1:" + each.group).toList());
    for (Node each : nodes) {
      boolean isFirst = each == nodes.getFirst();
      each.process = launch(each, library, "gcomm://" + (isFirst ? "" : all));
      each.process.awaitReady();
      if (isFirst) {
        // Started again it joins the others, instead of founding a cluster of its own.
        Files.writeString(
            each.folder.resolve("address.cnf"),
            "[mariadbd]\nwsrep_cluster_address=gcomm://" + all + "\n");
      }
    }
  }

  private static ServerProcess launch(Node node, Path library, String address) throws Exception {
    Files.writeString(
        node.folder.resolve("address.cnf"), "[mariadbd]\nwsrep_cluster_address=" + address + "\n");
    chown(node.folder);
    return ServerProcess.launch(
        "Galera node",
        node.folder,
        List.of(
            "mariadbd",
            "--defaults-file=" + node.folder.resolve("address.cnf"),
            "--user=" + account(),
            "--datadir=" + node.folder.resolve("data"),
            "--socket=" + node.folder.resolve("socket"),
            "--pid-file=" + node.folder.resolve("pid"),
            "--bind-address=127.0.0.1",
            "--port=" + node.port,
            "--skip-name-resolve",
            "--binlog-format=ROW",
            "--innodb-autoinc-lock-mode=2",
            "--innodb-flush-log-at-trx-commit=2",
            "--innodb-buffer-pool-size=32M",
            "--wsrep-on=ON",
            "--wsrep-provider=" + library,
            "--wsrep-cluster-name=skep",
            "--wsrep-node-address=127.0.0.1:" + node.group,
            "--wsrep-node-incoming-address=127.0.0.1:" + node.port,
            "--wsrep-sst-method=rsync",
            "--wsrep-sst-receive-address=127.0.0.1:" + node.whole,
            "--wsrep-provider-options="
                + String.join(
                    ";",
                    "gmcast.listen_addr=tcp://127.0.0.1:" + node.group,
                    "ist.recv_addr=127.0.0.1:" + node.incremental,
                    "gcache.size=16M",
                    "evs.keepalive_period=PT0.3S",
                    "evs.inactive_check_period=PT0.3S",
                    "evs.suspect_timeout=PT2S",
                    "evs.inactive_timeout=PT4S")),
        node::isReady);
  }

  private static Path newFolder() throws Exception {
    Path folder = SqlEngine.MARIADB.newFolder();
    run("cp", "-r", DataFolder.of(SqlEngine.MARIADB) + "/.", folder.resolve("data").toString());
    return folder;
  }

  /** As root the transfer of the data to a node that joins is refused. */
  private static String account() {
    return isRoot() ? ACCOUNT : System.getProperty("user.name");
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static void chown(Path folder) throws Exception {
    if (isRoot()) {
      run("chown", "-R", ACCOUNT, folder.toString());
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException(String.join(" ", command) + " failed");
    }
  }
}
