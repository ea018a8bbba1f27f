package dev.skep.port.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import dev.skep.port.coordinator.zookeeper.ZooKeeperCoordinatorConfig;
import dev.skep.testkit.Wiring;
import dev.skep.testkit.server.Certificates;
import dev.skep.testkit.server.ServerProcess;
import dev.skep.testkit.server.TcpProxy;
import dev.skep.testkit.server.ZooKeeperServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every wrong setting is refused with its key, on real servers where it is they who refuse. */
@Tag("server")
class ZooKeeperSettingsTest {

  @TempDir static Path folder;

  private static ZooKeeperServers plain;
  private static ZooKeeperServers secured;

  @BeforeAll
  static void startServers() throws Exception {
    plain = ZooKeeperServers.own("coordinator");
    secured = ZooKeeperServers.secured("registry");
    open(loggedIn()).close();
  }

  @AfterAll
  static void stopServers() throws Exception {
    plain.close();
    secured.close();
  }

  @Test
  void theRightOnesLetIn() throws Exception {
    try (ZooKeeperConnection connection = open(Map.of("servers", plain.addresses()))) {
      assertThat(connection.version()).isEqualTo("ZooKeeper " + plain.version());
      connection.check();
    }
    try (ZooKeeperConnection connection = open(loggedIn())) {
      assertThat(connection.version()).isEqualTo("ZooKeeper " + secured.version());
      connection.check();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"zk", "zk:", "zk:0", "zk:65536", "http://zk:2181", "zk:2181/a", "a:1,,b:2"})
  void whatIsNoAddressIsRefused(String servers) {
    assertRefused(Map.of("servers", servers), "servers", "must be addresses such as");
  }

  @Test
  void aPasswordInAnAddressIsRefusedWithoutShowingIt() {
    assertRefused(Map.of("servers", "skep:hidden@zk:2181"), "servers", "must be addresses");
  }

  @ParameterizedTest
  @CsvSource({"user,password", "password,user"})
  void whatNeedsAnotherIsRefusedWithoutIt(String given, String missing) {
    assertRefused(
        Map.of("servers", plain.addresses(), given, "hidden"), missing, "missing, though");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ca-certificate", "client-key"})
  void aCertificateWithoutTlsIsRefused(String setting) {
    assertRefused(Map.of("servers", plain.addresses(), setting, "/x"), "tls", "must be true");
  }

  @Test
  void aUserWithAColonIsRefused() {
    assertRefused(
        Map.of("servers", plain.addresses(), "user", "a:b", "password", "hidden"),
        "user",
        "must not hold a colon");
  }

  @ParameterizedTest
  @CsvSource({
    "time-out,999ms,must be 1s to 1m",
    "time-out,61s,must be 1s to 1m",
    "tick-time,99ms,must be 100ms to 10s",
    "tick-time,11s,must be 100ms to 10s"
  })
  void aTimeOutOfBoundsIsRefused(String setting, String value, String detail) {
    assertRefused(Map.of("servers", plain.addresses(), setting, value), setting, detail);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "ä", "a//b", "/", ".", "a/../b", "zookeeper", "zookeeper/quota"})
  void aPrefixThatIsNoneIsRefused(String prefix) {
    assertRefused(
        Map.of("servers", plain.addresses(), "prefix", prefix), "prefix", "must be 1 to 100");
  }

  @Test
  void aPrefixMayHaveSeveralPartsAndSlashesAround() {
    open(Map.of("servers", plain.addresses(), "prefix", "/team/skep_1/")).close();
    assertThat(settings(Map.of("servers", "a:1", "prefix", "/team/skep_1/")).root())
        .isEqualTo("/team/skep_1/coordinator");
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "password"})
  void anotherUserOrAWrongPasswordIsRefused(String setting) {
    Map<String, String> settings = loggedIn();
    settings.put(setting, "hidden");
    assertRefused(settings, "password", "it belongs to another user or password");
  }

  /** Over TLS with the certificate of who made the nodes, but not logged in. */
  @Test
  void aMissingLogInIsRefused() {
    Map<String, String> settings = loggedIn();
    settings.remove("user");
    settings.remove("password");
    assertRefused(settings, "user", "to those who have not logged in");
  }

  @Test
  void aStrangerCanNeitherReadNorChangeNorRemoveWhatBelongsToAUser() throws Exception {
    String root = "/skep/coordinator";
    assertDenied(client -> client.getChildren(root, false));
    assertDenied(client -> client.setData(root, new byte[1], -1));
    assertDenied(
        client ->
            client.create(
                root + "/stranger",
                new byte[0],
                ZooDefs.Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT));
    assertDenied(
        client -> {
          client.delete(root, -1);
          return true;
        });
    assertDenied(client -> client.setACL(root, ZooDefs.Ids.OPEN_ACL_UNSAFE, -1));
  }

  private static void assertDenied(ZooKeeperServers.Use<?> use) {
    assertThatExceptionOfType(KeeperException.NoAuthException.class)
        .isThrownBy(() -> secured.asStranger(use));
  }

  @Test
  void aUserIsNotLetOntoNodesThatAreOpenToAll() {
    open(Map.of("servers", plain.addresses(), "prefix", "open")).close();
    assertRefused(
        Map.of("servers", plain.addresses(), "prefix", "open", "user", "u", "password", "hidden"),
        "prefix",
        "is open to everybody");
  }

  @Test
  void anAuthorityThatDidNotSignTheServersCertificateIsRefused() throws Exception {
    Certificates others = new Certificates(Files.createDirectories(folder.resolve("others")));
    Map<String, String> settings = loggedIn();
    settings.put("ca-certificate", others.authority().toString());
    assertRefused(settings, "ca-certificate", "TLS with ZooKeeper fails");
  }

  @Test
  void aServersCertificateForAnotherHostIsRefused() throws Exception {
    Certificates ours = new Certificates(Files.createDirectories(folder.resolve("ours")));
    ZooKeeperServers stranger = ZooKeeperServers.showing(ours.authority(), ours.stranger());
    try {
      assertRefused(
          Map.of(
              "servers",
              stranger.addresses(),
              "tls",
              "true",
              "ca-certificate",
              ours.authority().toString()),
          "ca-certificate",
          "TLS with ZooKeeper fails");
    } finally {
      stranger.close();
    }
  }

  @Test
  void aServerThatWantsACertificateOfTheClientIsToldByThatKey() {
    Map<String, String> settings = loggedIn();
    settings.remove("client-key");
    assertRefused(settings, "client-key", "ZooKeeper refuses the certificate of this client");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ca-certificate", "client-key"})
  void aFileThatIsNotThereIsRefused(String setting) {
    Map<String, String> settings = loggedIn();
    settings.put(setting, folder.resolve("absent").toString());
    assertRefused(settings, setting, "cannot be read");
  }

  @ParameterizedTest
  @CsvSource({
    "ca-certificate,holds no certificate in PEM",
    "client-key,holds no private key followed by its certificate in PEM"
  })
  void aFileThatIsNoPemIsRefused(String setting, String detail) throws Exception {
    Map<String, String> settings = loggedIn();
    settings.put(setting, Files.writeString(folder.resolve("text"), "no PEM").toString());
    assertRefused(settings, setting, detail);
  }

  @Test
  void tlsToAServerWithoutIsUnavailable() {
    Map<String, String> settings = loggedIn();
    settings.put("servers", plain.addresses());
    assertUnavailable(settings, 8);
  }

  @Test
  void noTlsToAServerWithItIsUnavailable() {
    assertUnavailable(Map.of("servers", secured.addresses()), 8);
  }

  @Test
  void aServerThatRefusesConnectionsIsUnavailableSoon() throws Exception {
    assertUnavailable(Map.of("servers", "127.0.0.1:" + ServerProcess.freePort()), 3);
  }

  @Test
  void aServerThatSaysNothingIsUnavailableAfterTheTimeOut() throws Exception {
    try (TcpProxy line = TcpProxy.to("127.0.0.1", plain.members().getFirst().port())) {
      line.silence();
      assertUnavailable(Map.of("servers", "127.0.0.1:" + line.port(), "time-out", "1s"), 4);
    }
  }

  @Test
  void ofSeveralServersOneIsEnough() throws Exception {
    open(Map.of("servers", "127.0.0.1:" + ServerProcess.freePort() + "," + plain.addresses()))
        .close();
  }

  @Test
  void aServerThatIsTooOldIsRefused() throws Exception {
    try (ServerSocket old = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answer(old, "Zookeeper version: 3.4.14-abc, built on x\n"));
      assertRefused(
          Map.of("servers", "127.0.0.1:" + old.getLocalPort()),
          "servers",
          "ZooKeeper is of version 3.4.14; 3.6 is the oldest");
    }
  }

  private static void answer(ServerSocket server, String text) {
    try (Socket socket = server.accept()) {
      socket.getInputStream().readNBytes(4);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // the test fails by what it does not get
    }
  }

  @Test
  void nothingThatIsPrintedHoldsThePassword() {
    ZooKeeperSettings settings = settings(loggedIn());
    assertThat(settings.toString()).doesNotContain(loggedIn().get("password"));
    assertThat(settings.target())
        .isEqualTo(secured.addresses() + " (TLS) /skep/coordinator")
        .doesNotContain(loggedIn().get("password"));
  }

  private static Map<String, String> loggedIn() {
    Map<String, String> settings = new HashMap<>(secured.settings());
    settings.put("servers", secured.addresses());
    return settings;
  }

  private static void assertRefused(Map<String, String> settings, String key, String detail) {
    assertThatExceptionOfType(CannotOpen.class)
        .isThrownBy(() -> open(settings).close())
        .satisfies(
            e -> {
              assertThat(e.key()).isEqualTo("skep.coordinator.zookeeper." + key);
              assertThat(e.getMessage()).contains(detail).doesNotContain("hidden");
            });
  }

  private static void assertUnavailable(Map<String, String> settings, int seconds) {
    long began = System.nanoTime();
    assertThatExceptionOfType(SkepException.class)
        .isThrownBy(() -> open(settings).close())
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
              assertThat(e.detail())
                  .contains("Check skep.coordinator.zookeeper.servers")
                  .doesNotContain("127.0.0.1");
            });
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(seconds));
  }

  private static ZooKeeperConnection open(Map<String, String> settings) {
    return ZooKeeperConnection.open(settings(settings), Duration.ofSeconds(10));
  }

  private static ZooKeeperSettings settings(Map<String, String> settings) {
    Wiring wiring = new Wiring();
    settings.forEach((key, value) -> wiring.configure("skep.coordinator.zookeeper." + key, value));
    return ZooKeeperSettings.of("coordinator", wiring.get(ZooKeeperCoordinatorConfig.class));
  }
}
