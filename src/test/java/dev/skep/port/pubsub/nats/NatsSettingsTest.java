package dev.skep.port.pubsub.nats;

import static dev.skep.testkit.Failing.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.port.CannotOpen;
import dev.skep.testkit.server.Certificates;
import dev.skep.testkit.server.NatsServer;
import dev.skep.testkit.server.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each wrong setting is refused by its key, and what may pass is not taken for one. */
@Tag("server")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NatsSettingsTest {

  @TempDir Path folder;

  @BeforeAll
  static void tell() throws Exception {
    System.out.println("[server] pubsub nats " + NatsServer.installed());
  }

  @Test
  void aWrongPasswordIsRefusedByItsKey() throws Exception {
    try (NatsServer server = NatsServer.start("--user=skep", "--pass=right")) {
      TestConfig config = TestConfig.of(server.url());
      assertThat(refusal(config.logIn("skep", "wrong-secret")))
          .isEqualTo("skep.pubsub.nats.password: the server refuses this log-in");
      assertThat(refusal(config.token("wrong-secret")))
          .isEqualTo("skep.pubsub.nats.token: the server refuses this log-in");
      assertThat(refusal(config))
          .isEqualTo("skep.pubsub.nats.user: the server refuses this log-in");
      opens(config.logIn("skep", "right"));
    }
  }

  @Test
  void aTokenLogsIn() throws Exception {
    try (NatsServer server = NatsServer.start("--auth=secret-token")) {
      opens(TestConfig.of(server.url()).token("secret-token"));
    }
  }

  @Test
  void userWithoutPasswordAndUserBesideTokenAreRefused() {
    TestConfig config = TestConfig.of("nats://127.0.0.1:4222");
    assertThat(refusal(config.logIn("skep", "x").token("y")))
        .isEqualTo(
            "skep.pubsub.nats.token: cannot go with a user and password; remove one of the two");
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
    Certificates ours = new Certificates(Files.createDirectory(folder.resolve("ours")));
    Certificates others = new Certificates(Files.createDirectory(folder.resolve("others")));
    try (NatsServer server = tls(others.server())) {
      TestConfig config = TestConfig.of("tls://127.0.0.1:" + server.port());
      assertThat(refusal(config.ca(ours.authority())))
          .startsWith("skep.pubsub.nats.ca: the server's");
      assertThat(refusal(config)).startsWith("skep.pubsub.nats.ca: the server's certificate");
      opens(config.ca(others.authority()));
      opens(TestConfig.of("tls://localhost:" + server.port()).ca(others.authority()));
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    Certificates ours = new Certificates(folder);
    try (NatsServer server = tls(ours.stranger())) {
      assertThat(refusal(TestConfig.of("tls://127.0.0.1:" + server.port()).ca(ours.authority())))
          .startsWith(
              "skep.pubsub.nats.ca: the server's certificate is not from an authority in it");
    }
  }

  @Test
  void tlsOnOneSideOnlyIsRefused() throws Exception {
    Certificates ours = new Certificates(folder);
    try (NatsServer plain = NatsServer.start();
        NatsServer secure = tls(ours.server())) {
      assertThat(refusal(TestConfig.of("tls://127.0.0.1:" + plain.port()).ca(ours.authority())))
          .isEqualTo("skep.pubsub.nats.servers: asks for TLS, which the server does not speak");
      assertThat(refusal(TestConfig.of(secure.url())))
          .isEqualTo(
              "skep.pubsub.nats.servers: the server wants TLS: write tls:// instead of nats://");
      assertThat(refusal(TestConfig.of(plain.url()).ca(ours.authority())))
          .isEqualTo(
              "skep.pubsub.nats.ca: is set, but skep.pubsub.nats.servers does not ask for TLS: write tls:// there");
    }
  }

  @Test
  void aFileThatHoldsNoCertificatesIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("ca.pem"), "no certificate");
    TestConfig config = TestConfig.of("tls://127.0.0.1:4222");
    assertThat(refusal(config.ca(file))).startsWith("skep.pubsub.nats.ca: the file " + file);
    assertThat(refusal(config.ca(folder.resolve("absent"))))
        .isEqualTo(
            "skep.pubsub.nats.ca: the file %s cannot be read".formatted(folder.resolve("absent")));
  }

  @Test
  void aUserWithoutPermissionsIsRefused() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("nats.conf"),
            """
            authorization {
              users = [{user: skep, password: secret,
                permissions: {publish: "skep.>", subscribe: "skep.>"}}]
            }
            """);
    try (NatsServer server = NatsServer.start("--config=" + file)) {
      TestConfig config = TestConfig.of(server.url()).logIn("skep", "secret");
      assertThat(refusal(config.prefix("other")))
          .isEqualTo(
              "skep.pubsub.nats.password: who logs in with it may not publish and subscribe to 'other.>'; the server must allow it");
      opens(config.prefix("skep"));
    }
  }

  @Test
  void aServerForSmallMessagesIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("nats.conf"), "max_payload: 4096\n");
    try (NatsServer server = NatsServer.start("--config=" + file)) {
      assertThat(refusal(TestConfig.of(server.url())))
          .isEqualTo(
              "skep.pubsub.nats.servers: the server takes messages of 4096 bytes only; set its max_payload to at least 8192");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " , ",
        "127.0.0.1:4222",
        "http://127.0.0.1:4222",
        "nats://",
        "nats:///x",
        "nats://a:4222/path",
        "nats://a:4222?x=1",
        "nats://a b",
        "nats://a:4222,tls://b:4222",
        "nats://user:secret@a:4222",
        "nats://a:4222,nats://user:sec ret@b:4222"
      })
  void anAddressThatIsNoneIsRefusedWithoutRepeatingIt(String servers) {
    assertThat(refusal(TestConfig.of(servers)))
        .startsWith("skep.pubsub.nats.servers: ")
        .doesNotContain("secret", "sec ret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a..b", "a.", "a.*", ">", "a b"})
  void aPrefixThatIsNoneIsRefused(String prefix) {
    assertThat(refusal(TestConfig.of("nats://127.0.0.1:4222").prefix(prefix)))
        .startsWith("skep.pubsub.nats.prefix: ");
  }

  @ParameterizedTest
  @CsvSource({"PT0.099S", "PT1M0.001S", "PT-1S"})
  void aDurationOutOfBoundsIsRefused(Duration interval) {
    assertThat(refusal(TestConfig.of("nats://127.0.0.1:4222").pingInterval(interval)))
        .startsWith("skep.pubsub.nats.ping-interval: must be 100 ms to 1 min, not ");
  }

  @Test
  void tooSmallABufferIsRefused() {
    assertThat(refusal(TestConfig.of("nats://127.0.0.1:4222").maxPending(9)))
        .isEqualTo("skep.pubsub.nats.max-pending: must be at least 10, not 9");
  }

  @Test
  void aServerThatIsNotThereMayBeTriedAgain() throws Exception {
    int port = ServerProcess.freePort();
    NatsPubSub hints = new NatsPubSub(TestConfig.of("127.0.0.1", port));
    assertUnavailable(hints::open);
    try (NatsServer server = NatsServer.startAt(port)) {
      assertThat(server.port()).isEqualTo(port);
      hints.open();
      hints.check();
      hints.close();
    }
  }

  @Test
  void theTargetNamesServersAndPrefixButNoSecret() {
    TestConfig config = TestConfig.of("nats://a:1,nats://b:2").logIn("skep", "secret");
    assertThat(new NatsPubSub(config).target()).isEqualTo("nats://a:1,nats://b:2 as skep.>");
    assertThat(new NatsPubSub(TestConfig.of("nats://u:secret@a:1")).target())
        .isEqualTo("…@a:1 as skep.>");
  }

  private static NatsServer tls(Certificates.Server own) throws Exception {
    return NatsServer.start("--tls", "--tlscert=" + own.certificate(), "--tlskey=" + own.key());
  }

  private static void opens(TestConfig config) {
    NatsPubSub hints = new NatsPubSub(config);
    try {
      hints.open();
      hints.check();
    } finally {
      hints.close();
    }
  }

  private static String refusal(TestConfig config) {
    NatsPubSub hints = new NatsPubSub(config);
    try {
      hints.open();
    } catch (CannotOpen e) {
      assertThat(e.line()).doesNotContain("secret");
      return e.line();
    } finally {
      hints.close();
    }
    throw new AssertionError("It opened");
  }
}
