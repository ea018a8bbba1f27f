package dev.skep.testkit.server;

import dev.skep.testkit.Wiring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An etcd, a line to it that can fail, and what a driver must be told to get in: nothing, or a user
 * who may do nothing outside of {@code test-}, over TLS with a certificate of his own.
 */
public final class EtcdAccess implements ServerAccess {

  private static final String USER = "skep-user";
  private static final String PASSWORD = "a secret of the test";

  private final EtcdServer server;
  private final TcpProxy line;
  private final boolean secured;
  private final Map<String, String> logIn;

  private EtcdAccess(EtcdServer server, boolean secured, Map<String, String> logIn)
      throws IOException {
    this.server = server;
    this.line = TcpProxy.to(server.host(), server.port());
    this.secured = secured;
    this.logIn = logIn;
  }

  /** The server that was given, or one of its own. */
  public static EtcdAccess plain(String port) throws Exception {
    EtcdServer server = EtcdServer.start();
    Map<String, String> logIn = new HashMap<>();
    GivenServer given = server.given();
    if (given != null) {
      given.user().ifPresent(user -> logIn.put("user", user));
      given.password().ifPresent(password -> logIn.put("password", password));
    }
    return told(port, new EtcdAccess(server, false, Map.copyOf(logIn)), "");
  }

  /** One of its own, which a test may kill. */
  public static EtcdAccess own(String port) throws Exception {
    return told(port, new EtcdAccess(EtcdServer.startOwn(), false, Map.of()), "");
  }

  /** One of its own with TLS both ways and authentication on. */
  public static EtcdAccess secured(String port) throws Exception {
    Path folder = Files.createTempDirectory("skep-etcd-tls");
    Certificates certificates = new Certificates(folder);
    Certificates.Server certificate = certificates.server();
    EtcdServer server =
        EtcdServer.startWithTls(new EtcdServer.Tls(certificates.authority(), certificate, true));
    EtcdAccess access =
        new EtcdAccess(
            server,
            true,
            Map.of(
                "user", USER,
                "password", PASSWORD,
                "ca-certificate", certificates.authority().toString(),
                "client-certificate", certificate.certificate().toString(),
                "client-key", certificate.key().toString()));
    access.enableAuthentication();
    return told(port, access, ", mutual TLS, password");
  }

  private static EtcdAccess told(String port, EtcdAccess access, String how) {
    System.out.println("[server] " + port + " etcd etcd " + access.server.version() + how);
    return access;
  }

  public EtcdServer server() {
    return server;
  }

  @Override
  public String driver() {
    return "etcd";
  }

  @Override
  public boolean isGiven() {
    return server.given() != null;
  }

  @Override
  public ServerProcess process() {
    return server.process();
  }

  @Override
  public TcpProxy line() {
    return line;
  }

  @Override
  public Wiring byTheLine(String port, String prefix) {
    return wiring(port, prefix, line.port());
  }

  @Override
  public Wiring direct(String port, String prefix) {
    return wiring(port, prefix, server.port());
  }

  private Wiring wiring(String port, String prefix, int at) {
    Map<String, String> settings = new HashMap<>(logIn);
    settings.put("endpoints", server.url(at));
    settings.put("prefix", prefix);
    return wiring(port, settings);
  }

  /** Tells a driver of the port how to get in at any of these. */
  public static Wiring cluster(String port, String prefix, List<EtcdServer> members) {
    return wiring(
        port,
        Map.of(
            "endpoints",
            String.join(",", members.stream().map(EtcdServer::url).toList()),
            "prefix",
            prefix));
  }

  private static Wiring wiring(String port, Map<String, String> settings) {
    Wiring wiring = new Wiring();
    settings.forEach((key, value) -> wiring.configure("skep." + port + ".etcd." + key, value));
    return wiring;
  }

  @Override
  public void wipe() throws Exception {
    server.wipe();
    if (secured) {
      enableAuthentication();
    }
  }

  @Override
  public void close() throws IOException {
    line.close();
    server.close();
  }

  private void enableAuthentication() {
    server.enableAuthentication(USER, PASSWORD, "test-");
  }
}
