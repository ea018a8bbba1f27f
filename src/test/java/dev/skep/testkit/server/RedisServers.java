package dev.skep.testkit.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Redis servers that belong together, and the addresses that clients are told; or the one that
 * {@code SKEP_TEST_REDIS_URL} names ({@code redis://user:password@host:port}, {@code rediss://}
 * with a certificate that Java trusts).
 */
public final class RedisServers implements AutoCloseable {

  private static final Duration JOIN = Duration.ofSeconds(30);

  private static final String NAME = "REDIS";

  private final List<ServerProcess> processes;
  private final List<Integer> addresses;
  private final List<ServerProcess> watchers;
  private final @Nullable GivenServer given;

  private RedisServers(
      List<ServerProcess> processes, List<Integer> addresses, List<ServerProcess> watchers) {
    this.processes = List.copyOf(processes);
    this.addresses = List.copyOf(addresses);
    this.watchers = List.copyOf(watchers);
    this.given = null;
  }

  private RedisServers(GivenServer given) {
    this.processes = List.of();
    this.addresses = List.of();
    this.watchers = List.of();
    this.given = given;
  }

  /** The given server, or one of its own. */
  public static RedisServers givenOrStandalone() throws Exception {
    GivenServer given = GivenServer.named(NAME, 6379);
    return given == null ? standalone() : new RedisServers(given);
  }

  /** One server. */
  public static RedisServers standalone(String... options) throws Exception {
    int port = port();
    return new RedisServers(List.of(server(port, List.of(options))), List.of(port), List.of());
  }

  /** One server that speaks TLS only and wants a password. */
  public static RedisServers secured(
      Certificates certificates, Certificates.Server certificate, String password)
      throws Exception {
    int port = port();
    List<String> options =
        List.of(
            "--tls-port",
            "" + port,
            "--tls-cert-file",
            certificate.certificate().toString(),
            "--tls-key-file",
            certificate.key().toString(),
            "--tls-ca-cert-file",
            certificates.authority().toString(),
            "--tls-auth-clients",
            "no",
            "--requirepass",
            password);
    return new RedisServers(List.of(process(port, 0, options)), List.of(port), List.of());
  }

  /** A cluster of three masters. */
  public static RedisServers cluster() throws Exception {
    return cluster(0);
  }

  /**
   * A cluster of three masters, which come first.
   *
   * @param replicas of each, one of which takes over when it dies
   */
  public static RedisServers cluster(int replicas) throws Exception {
    List<ServerProcess> nodes = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < 3 * (1 + replicas); i++) {
      int port = port();
      ports.add(port);
      nodes.add(
          server(
              port,
              List.of(
                  "--cluster-enabled",
                  "yes",
                  "--cluster-port",
                  "" + ServerProcess.freePort(),
                  "--cluster-node-timeout",
                  "2000")));
    }
    List<String> create = new ArrayList<>(List.of("redis-cli", "--cluster", "create"));
    ports.forEach(port -> create.add("127.0.0.1:" + port));
    create.addAll(List.of("--cluster-replicas", "" + replicas, "--cluster-yes"));
    run(create);
    RedisServers cluster = new RedisServers(nodes, ports, List.of());
    cluster.awaitCluster();
    return cluster;
  }

  /** A master, a replica, and one Sentinel whose word is enough. */
  public static RedisServers sentinel(Duration downAfter) throws Exception {
    int master = port();
    int replica = port();
    int sentinel = ServerProcess.freePort();
    List<ServerProcess> servers = new ArrayList<>();
    servers.add(server(master, List.of()));
    servers.add(server(replica, List.of("--replicaof", "127.0.0.1 " + master)));
    Path folder = Files.createTempDirectory("skep-sentinel");
    Path settings = folder.resolve("sentinel.conf");
    Files.writeString(
        settings,
        """
        port %d
        bind 127.0.0.1
        sentinel monitor mymaster 127.0.0.1 %d 1
        sentinel down-after-milliseconds mymaster %d
        sentinel failover-timeout mymaster 5000
        """
            .formatted(sentinel, master, downAfter.toMillis()));
    ServerProcess watcher =
        ServerProcess.start(
            "sentinel",
            folder,
            List.of("redis-server", settings.toString(), "--sentinel"),
            () -> listens(sentinel));
    RedisServers all = new RedisServers(servers, List.of(sentinel), List.of(watcher));
    await(() -> cli(sentinel, "sentinel", "replicas", "mymaster").contains("" + replica));
    await(() -> cli(replica, "info", "replication").contains("master_link_status:up"));
    return all;
  }

  /** The given one, where it is one. */
  public @Nullable GivenServer given() {
    return given;
  }

  /** As the setting wants them. */
  public String addresses() {
    if (given != null) {
      return given.host() + ":" + given.port();
    }
    return addresses.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
  }

  public int port(int server) {
    return addresses.get(server);
  }

  public ServerProcess process(int server) {
    return given == null ? processes.get(server) : GivenServer.notOurs(NAME);
  }

  /** Kills the servers that hold data. */
  public void kill() {
    if (given != null) {
      GivenServer.notOurs(NAME);
    }
    processes.forEach(ServerProcess::kill);
  }

  public void restart() throws Exception {
    for (ServerProcess each : processes) {
      each.restart();
    }
    if (processes.size() >= 3) {
      awaitCluster();
    }
  }

  @Override
  public void close() {
    watchers.forEach(ServerProcess::close);
    processes.forEach(ServerProcess::close);
  }

  /** Name and version, for the table of the tests. */
  public String about() throws Exception {
    if (given != null) {
      return "Redis, given at " + given.host();
    }
    String text = run(List.of("redis-server", "--version"));
    return "Redis " + text.replaceFirst("(?s).*v=(\\S+).*", "$1");
  }

  /** What a server answers to a command line. */
  public static String cli(int port, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("redis-cli", "-p", "" + port));
    command.addAll(List.of(words));
    return run(command);
  }

  private void awaitCluster() throws Exception {
    for (int port : addresses) {
      await(() -> cli(port, "cluster", "info").contains("cluster_state:ok"));
    }
  }

  private static void await(java.util.concurrent.Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + JOIN.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the servers did not find together");
      }
      Thread.sleep(50);
    }
  }

  private static int port() throws IOException {
    ServerProcess.require("redis-server", "redis-server", GivenServer.variable(NAME));
    return ServerProcess.freePort();
  }

  private static ServerProcess server(int port, List<String> options) throws Exception {
    return process(port, port, options);
  }

  private static ServerProcess process(int port, int plainPort, List<String> options)
      throws Exception {
    Path folder = Files.createTempDirectory("skep-redis");
    List<String> command =
        new ArrayList<>(List.of("redis-server", "--port", "" + plainPort, "--bind", "127.0.0.1"));
    command.addAll(List.of("--save", "", "--appendonly", "no", "--dir", folder.toString()));
    command.addAll(options);
    return ServerProcess.start("redis", folder, command, () -> listens(port));
  }

  private static boolean listens(int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
      return true;
    }
  }

  private static String run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return output;
  }
}
