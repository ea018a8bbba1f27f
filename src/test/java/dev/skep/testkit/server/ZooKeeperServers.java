package dev.skep.testkit.server;

import dev.skep.testkit.Wiring;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * One ZooKeeper or an ensemble, as child processes on loopback from the tests' own class path; or
 * the one that {@code SKEP_TEST_ZOOKEEPER_URL} names ({@code host:port}, or with a log-in {@code
 * zookeeper://user:password@host:port}; its maxSessionTimeout must be 300000), which cannot be
 * killed or frozen. A line leads to the first, which can fail.
 */
public final class ZooKeeperServers implements ServerAccess {

  /** Of servers of our own; shorter than it comes, so that sessions end soon. */
  private static final Duration TICK = Duration.ofMillis(500);

  private static final String GIVEN = "SKEP_TEST_ZOOKEEPER_URL";
  private static final String PASSWORD = "a secret of the test";
  private static final Pattern VERSION = Pattern.compile("Zookeeper version: ([0-9.]+)");

  /**
   * A server.
   *
   * @param port where drivers connect to
   * @param plain where this class does
   */
  public record Member(@Nullable ServerProcess running, String host, int port, int plain)
      implements ClusterMember {

    @Override
    public ServerProcess process() {
      if (running == null) {
        throw new IllegalStateException("The server was given: it cannot be stopped");
      }
      return running;
    }

    @Override
    public boolean isLeader() {
      try {
        return srvr(host, plain).contains("Mode: leader");
      } catch (IOException e) {
        return false;
      }
    }

    String address() {
      return host + ":" + port;
    }
  }

  private final List<Member> members;
  private final TcpProxy line;
  private final Map<String, String> settings;
  private final @Nullable Path folder;

  private ZooKeeperServers(
      List<Member> members, Map<String, String> settings, @Nullable Path folder)
      throws IOException {
    this.members = List.copyOf(members);
    this.line = TcpProxy.to(members.getFirst().host(), members.getFirst().port());
    this.settings = settings;
    this.folder = folder;
  }

  /** The server that was given, or one of its own, to run a port's contract on. */
  public static ZooKeeperServers plain(String port) throws Exception {
    String url = System.getenv(GIVEN);
    return (url == null ? own() : given(url)).told(port, "");
  }

  /** One of its own, which a test may kill. */
  public static ZooKeeperServers own(String port) throws Exception {
    return own().told(port, "");
  }

  private static ZooKeeperServers own() throws Exception {
    Plan plan = Plan.make(1);
    return new ZooKeeperServers(List.of(plan.start(List.of(plan))), ownSettings(), null);
  }

  /** One of its own that speaks TLS both ways; drivers log in with a password. */
  public static ZooKeeperServers secured(String port) throws Exception {
    return secured().told(port, ", mutual TLS, password");
  }

  /** As {@link #secured(String)}, without telling so. */
  private static ZooKeeperServers secured() throws Exception {
    Path folder = Files.createTempDirectory("skep-zookeeper-tls");
    Certificates certificates = new Certificates(folder);
    Path shown = together(certificates.server(), folder.resolve("together.pem"));
    Plan plan = Plan.make(1).withTls(certificates.authority(), shown);
    Map<String, String> settings = new HashMap<>(ownSettings());
    settings.putAll(
        Map.of(
            "tls",
            "true",
            "user",
            "skep-user",
            "password",
            PASSWORD,
            "ca-certificate",
            certificates.authority().toString(),
            "client-key",
            shown.toString()));
    return new ZooKeeperServers(List.of(plan.start(List.of(plan))), settings, folder);
  }

  /** One of its own that speaks TLS and shows this certificate. */
  public static ZooKeeperServers showing(Path authority, Certificates.Server certificate)
      throws Exception {
    Path folder = Files.createTempDirectory("skep-zookeeper-tls");
    Plan plan =
        Plan.make(1).withTls(authority, together(certificate, folder.resolve("together.pem")));
    return new ZooKeeperServers(List.of(plan.start(List.of(plan))), ownSettings(), folder);
  }

  /** An ensemble of so many. */
  public static ZooKeeperServers ensemble(int size) throws Exception {
    List<Plan> plans = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      plans.add(Plan.make(i));
    }
    List<Member> members = new ArrayList<>();
    for (Plan plan : plans) {
      members.add(plan.launch(plans));
    }
    for (Member member : members) {
      member.process().awaitReady();
    }
    return new ZooKeeperServers(members, ownSettings(), null);
  }

  private static ZooKeeperServers given(String url) throws Exception {
    URI uri = URI.create(url.contains("://") ? url : "zookeeper://" + url);
    Map<String, String> settings = new HashMap<>();
    if (uri.getUserInfo() != null) {
      settings.put("user", uri.getUserInfo().split(":", 2)[0]);
      settings.put("password", uri.getUserInfo().split(":", 2)[1]);
    }
    Member member = new Member(null, uri.getHost(), uri.getPort(), uri.getPort());
    ZooKeeperServers servers = new ZooKeeperServers(List.of(member), settings, null);
    int granted = servers.granted(Duration.ofMinutes(5));
    Assumptions.assumeTrue(
        granted >= 300_000,
        "the server of " + GIVEN + " grants " + granted + " ms: set its maxSessionTimeout=300000");
    return servers;
  }

  private static Map<String, String> ownSettings() {
    return Map.of("tick-time", TICK.toMillis() + "ms");
  }

  private ZooKeeperServers told(String port, String how) throws IOException {
    System.out.println("[server] " + port + " zookeeper ZooKeeper " + version() + how);
    return this;
  }

  public List<Member> members() {
    return members;
  }

  @Override
  public String driver() {
    return "zookeeper";
  }

  @Override
  public boolean isGiven() {
    return members.getFirst().running() == null;
  }

  @Override
  public ServerProcess process() {
    return members.getFirst().process();
  }

  @Override
  public TcpProxy line() {
    return line;
  }

  public String version() throws IOException {
    Matcher matcher = VERSION.matcher(srvr(members.getFirst().host(), members.getFirst().plain()));
    return matcher.find() ? matcher.group(1) : "of a version that it does not tell";
  }

  /** What a driver must be told to get in, but for the addresses. */
  public Map<String, String> settings() {
    return settings;
  }

  /** The addresses of all members. */
  public String addresses() {
    return String.join(",", members.stream().map(Member::address).toList());
  }

  @Override
  public Wiring byTheLine(String port, String prefix) {
    return wiring(port, prefix, "127.0.0.1:" + line.port());
  }

  /** At any member. */
  @Override
  public Wiring direct(String port, String prefix) {
    return wiring(port, prefix, addresses());
  }

  /** Tells a driver of the port how to get in at one member only. */
  public Wiring at(Member member, String port, String prefix) {
    return wiring(port, prefix, member.address());
  }

  private Wiring wiring(String port, String prefix, String addresses) {
    Wiring wiring = new Wiring();
    settings.forEach((key, value) -> wiring.configure("skep." + port + ".zookeeper." + key, value));
    return wiring
        .configure("skep." + port + ".zookeeper.servers", addresses)
        .configure("skep." + port + ".zookeeper.prefix", prefix);
  }

  /** Ends the server in between. */
  @Override
  public void wipe() throws Exception {
    process().kill();
    Path data = process().folder().resolve("version-2");
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    process().restart();
  }

  /** What is done with a client of the test's own, who has not logged in. */
  @FunctionalInterface
  public interface Use<R extends @Nullable Object> {
    R with(ZooKeeper client) throws Exception;
  }

  public <R extends @Nullable Object> R asStranger(Use<R> use) throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    try (ZooKeeper client = client(Duration.ofSeconds(10), connected)) {
      if (!connected.await(20, TimeUnit.SECONDS)) {
        throw new IOException("No connection to ZooKeeper");
      }
      return use.with(client);
    }
  }

  private int granted(Duration asked) throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    try (ZooKeeper client = client(asked, connected)) {
      return connected.await(20, TimeUnit.SECONDS) ? client.getSessionTimeout() : 0;
    }
  }

  private ZooKeeper client(Duration lasting, CountDownLatch connected) throws IOException {
    return new ZooKeeper(
        members.getFirst().host() + ":" + members.getFirst().plain(),
        Math.toIntExact(lasting.toMillis()),
        event -> {
          if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
            connected.countDown();
          }
        });
  }

  @Override
  public void close() throws IOException {
    line.close();
    for (Member member : members) {
      if (member.running() != null) {
        member.running().close();
      }
    }
    if (folder != null) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** A private key and its certificate in one file, as ZooKeeper reads them. */
  public static Path together(Certificates.Server server, Path file) throws IOException {
    return Files.writeString(
        file, Files.readString(server.key()) + Files.readString(server.certificate()));
  }

  /** The port for TLS opens after the other one. */
  private static boolean listens(int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
      return true;
    }
  }

  private static String srvr(String host, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 1_000);
      socket.setSoTimeout(2_000);
      socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  /** What a server is to be. */
  private record Plan(
      int id,
      Path folder,
      int port,
      int plain,
      int peers,
      int elections,
      @Nullable Path authority,
      @Nullable Path shown) {

    static Plan make(int id) throws IOException {
      int port = ServerProcess.freePort();
      return new Plan(
          id,
          Files.createTempDirectory("skep-zookeeper"),
          port,
          port,
          ServerProcess.freePort(),
          ServerProcess.freePort(),
          null,
          null);
    }

    Plan withTls(Path byAuthority, Path keyAndCertificate) throws IOException {
      return new Plan(
          id,
          folder,
          ServerProcess.freePort(),
          plain,
          peers,
          elections,
          byAuthority,
          keyAndCertificate);
    }

    Member start(List<Plan> ensemble) throws Exception {
      Member member = launch(ensemble);
      member.process().awaitReady();
      return member;
    }

    Member launch(List<Plan> ensemble) throws IOException {
      Files.writeString(folder.resolve("myid"), Integer.toString(id));
      Path settings = Files.writeString(folder.resolve("zoo.cfg"), settings(ensemble));
      List<String> command =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx128m",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
              "-cp",
              System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
              "org.apache.zookeeper.server.quorum.QuorumPeerMain",
              settings.toString());
      ServerProcess process =
          ServerProcess.launch(
              "zookeeper " + id,
              folder,
              command,
              () -> srvr("127.0.0.1", plain).contains("Mode: ") && listens(port));
      return new Member(process, "127.0.0.1", port, plain);
    }

    private String settings(List<Plan> ensemble) {
      StringBuilder text = new StringBuilder();
      text.append(
          """
          tickTime=%d
          dataDir=%s
          clientPortAddress=127.0.0.1
          clientPort=%d
          minSessionTimeout=2000
          maxSessionTimeout=300000
          maxClientCnxns=0
          admin.enableServer=false
          4lw.commands.whitelist=srvr
          initLimit=20
          syncLimit=6
          """
              .formatted(TICK.toMillis(), folder, plain));
      if (authority != null) {
        text.append(
            """
            secureClientPortAddress=127.0.0.1
            secureClientPort=%d
            serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
            ssl.keyStore.location=%s
            ssl.keyStore.type=PEM
            ssl.trustStore.location=%s
            ssl.trustStore.type=PEM
            ssl.clientAuth=need
            """
                .formatted(port, shown, authority));
      }
      if (ensemble.size() > 1) {
        for (Plan each : ensemble) {
          text.append("server.%d=127.0.0.1:%d:%d%n".formatted(each.id, each.peers, each.elections));
        }
      }
      return text.toString();
    }
  }
}
