package dev.skep.testkit.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A real NATS as a child process on a free loopback port; or the server that {@code
 * SKEP_TEST_NATS_URL} names ({@code nats://user:password@host:port}).
 */
public final class NatsServer implements AutoCloseable {

  private static final String NAME = "NATS";
  private static final Pattern VERSION = Pattern.compile("\"version\":\"([^\"]+)\"");

  private final String host;
  private final int port;
  private final @Nullable ServerProcess process;
  private final @Nullable GivenServer given;

  private NatsServer(
      String host, int port, @Nullable ServerProcess process, @Nullable GivenServer given) {
    this.host = host;
    this.port = port;
    this.process = process;
    this.given = given;
  }

  /** The given server, or one of its own. */
  public static NatsServer startOrGiven() throws Exception {
    GivenServer given = GivenServer.named(NAME, 4222);
    return given == null ? start() : new NatsServer(given.host(), given.port(), null, given);
  }

  /**
   * Starts one; aborts the test, saying why, where none is installed.
   *
   * @param options of {@code nats-server}, beside address and port
   */
  public static NatsServer start(String... options) throws Exception {
    return startAt(ServerProcess.freePort(), options);
  }

  /** The same at a port of choice, where another one was before. */
  public static NatsServer startAt(int port, String... options) throws Exception {
    NatsServer server = launch(port, options);
    server.process().awaitReady();
    return server;
  }

  /** Starts the members of a cluster, which find each other, and waits for all of them. */
  public static List<NatsServer> startCluster(int members) throws Exception {
    List<Integer> routes = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      routes.add(ServerProcess.freePort());
    }
    String all = String.join(",", routes.stream().map(p -> "nats://127.0.0.1:" + p).toList());
    List<NatsServer> cluster = new ArrayList<>();
    for (int route : routes) {
      cluster.add(
          launch(
              ServerProcess.freePort(),
              "--cluster_name=skep-test",
              "--cluster=nats://127.0.0.1:" + route,
              "--routes=" + all));
    }
    for (NatsServer server : cluster) {
      server.process().awaitReady();
    }
    return cluster;
  }

  private static NatsServer launch(int port, String... options) throws Exception {
    require();
    List<String> command =
        new ArrayList<>(List.of("nats-server", "-a", "127.0.0.1", "-p", Integer.toString(port)));
    command.addAll(List.of(options));
    Path folder = Files.createTempDirectory("skep-nats");
    ServerProcess process =
        ServerProcess.launch(
            "nats-server", folder, command, () -> greeting("127.0.0.1", port).startsWith("INFO"));
    return new NatsServer("127.0.0.1", port, process, null);
  }

  private static void require() {
    ServerProcess.require("nats-server", "nats-server", GivenServer.variable(NAME));
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /** The given one, where it is one. */
  public @Nullable GivenServer given() {
    return given;
  }

  public String url() {
    return "nats://" + host + ":" + port;
  }

  /** Name and version of the program that is started here, for the table of the tests. */
  public static String installed() throws Exception {
    require();
    Process process = new ProcessBuilder("nats-server", "--version").start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return "NATS " + text.strip().replaceFirst("^.*v", "");
  }

  /** What it says of itself. */
  public String version() throws IOException {
    Matcher version = VERSION.matcher(greeting(host, port));
    return version.find() ? version.group(1) : "of unknown version";
  }

  /** Its process; aborts the test where the server was given. */
  public ServerProcess process() {
    return process == null ? GivenServer.notOurs(NAME) : process;
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }

  private static String greeting(String host, int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getByName(host), port)) {
      socket.setSoTimeout(2_000);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      return String.valueOf(in.readLine());
    }
  }
}
