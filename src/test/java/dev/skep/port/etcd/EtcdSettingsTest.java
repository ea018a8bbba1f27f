package dev.skep.port.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import dev.skep.port.config.etcd.EtcdConfigStoreConfig;
import dev.skep.testkit.Wiring;
import dev.skep.testkit.server.Certificates;
import dev.skep.testkit.server.EtcdServer;
import dev.skep.testkit.server.ServerProcess;
import dev.skep.testkit.server.TcpProxy;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
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
class EtcdSettingsTest {

  private static final String PASSWORD = "a secret of the test";

  @TempDir static Path folder;

  private static EtcdServer plain;
  private static EtcdServer secured;
  private static EtcdServer mutual;
  private static Certificates certificates;

  @BeforeAll
  static void startServers() throws Exception {
    certificates = new Certificates(Files.createDirectories(folder.resolve("ours")));
    Certificates.Server certificate = certificates.server();
    plain = EtcdServer.startOwn();
    secured =
        EtcdServer.startWithTls(new EtcdServer.Tls(certificates.authority(), certificate, false));
    secured.enableAuthentication("skep", PASSWORD, "skep/");
    mutual =
        EtcdServer.startWithTls(new EtcdServer.Tls(certificates.authority(), certificate, true));
  }

  @AfterAll
  static void stopServers() {
    if (plain != null) {
      plain.close();
    }
    if (secured != null) {
      secured.close();
    }
    if (mutual != null) {
      mutual.close();
    }
  }

  @Test
  void theRightOnesLetIn() {
    try (EtcdConnection connection = open(Map.of("endpoints", plain.url()))) {
      assertThat(connection.version()).isEqualTo("etcd " + plain.version());
    }
    try (EtcdConnection connection = open(loggedIn())) {
      connection.check();
    }
  }

  @Test
  void anAddressWithoutSchemeIsHttp() {
    open(Map.of("endpoints", plain.host() + ":" + plain.port())).close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "etcd",
        "etcd:",
        "etcd:0",
        "ftp://etcd:2379",
        "http://etcd:2379/path",
        "http://etcd:2379?a=b",
        "a:1,,b:2",
        "http://[::1:2379"
      })
  void whatIsNoAddressIsRefused(String endpoints) {
    assertRefused(Map.of("endpoints", endpoints), "endpoints", "must be addresses such as");
  }

  @Test
  void aPasswordInAnAddressIsRefusedWithoutShowingIt() {
    assertRefused(
        Map.of("endpoints", "http://skep:" + "hidden@etcd:2379"), "endpoints", "must be addresses");
  }

  @Test
  void aMixtureOfHttpAndHttpsIsRefused() {
    assertRefused(Map.of("endpoints", "http://a:1,https://b:2"), "endpoints", "either all or none");
  }

  @ParameterizedTest
  @CsvSource({
    "user,password",
    "password,user",
    "client-key,client-certificate",
    "client-certificate,client-key"
  })
  void whatNeedsAnotherIsRefusedWithoutIt(String given, String missing) {
    assertRefused(Map.of("endpoints", plain.url(), given, "/hidden"), missing, "missing, though");
  }

  @ParameterizedTest
  @ValueSource(strings = {"999ms", "61s"})
  void aTimeOutOutOfBoundsIsRefused(String timeOut) {
    assertRefused(
        Map.of("endpoints", plain.url(), "time-out", timeOut), "time-out", "must be 1s to 1m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "ä", "a\u0000"})
  void aPrefixOfOtherCharactersIsRefused(String prefix) {
    assertRefused(Map.of("endpoints", plain.url(), "prefix", prefix), "prefix", "must be 1 to 100");
  }

  @Test
  void aWrongPasswordIsRefused() {
    Map<String, String> settings = loggedIn();
    settings.put("password", "hidden");
    assertRefused(settings, "password", "etcd refuses the user or the password");
  }

  @Test
  void anUnknownUserIsRefused() {
    Map<String, String> settings = loggedIn();
    settings.put("user", "nobody");
    assertRefused(settings, "password", "etcd refuses the user or the password");
  }

  @Test
  void aMissingLogInIsRefused() {
    Map<String, String> settings = loggedIn();
    settings.remove("user");
    settings.remove("password");
    assertRefused(settings, "user", "etcd wants a log-in");
  }

  @Test
  void aPrefixThatTheUserMayNotReadIsRefused() {
    Map<String, String> settings = loggedIn();
    settings.put("prefix", "other/");
    assertRefused(settings, "prefix", "the user may not read other/config/ in etcd");
  }

  @Test
  void anAuthorityThatDidNotSignTheServersCertificateIsRefused() throws Exception {
    Certificates others = new Certificates(Files.createDirectories(folder.resolve("others")));
    Map<String, String> settings = loggedIn();
    settings.put("ca-certificate", others.authority().toString());
    assertRefused(settings, "ca-certificate", "TLS with etcd fails");
  }

  @Test
  void aServersCertificateForAnotherHostIsRefused() throws Exception {
    EtcdServer stranger =
        EtcdServer.startWithTls(
            new EtcdServer.Tls(certificates.authority(), certificates.stranger(), false));
    try {
      assertRefused(
          Map.of(
              "endpoints", stranger.url(), "ca-certificate", certificates.authority().toString()),
          "ca-certificate",
          "TLS with etcd fails");
    } finally {
      stranger.close();
    }
  }

  @Test
  void aServerThatWantsACertificateOfTheClientIsToldByThatKey() {
    assertRefused(
        Map.of("endpoints", mutual.url(), "ca-certificate", certificates.authority().toString()),
        "client-certificate",
        "etcd refuses the certificate of this client, or its absence");
  }

  @ParameterizedTest
  @CsvSource({"ca-certificate", "client-certificate", "client-key"})
  void aFileThatIsNotThereIsRefused(String setting) {
    Map<String, String> settings = mutualSettings();
    settings.put(setting, folder.resolve("absent").toString());
    assertRefused(settings, setting, "cannot be read");
  }

  @ParameterizedTest
  @CsvSource({
    "ca-certificate,ca-certificate",
    "client-certificate,client-certificate",
    "client-key,client-certificate"
  })
  void aFileThatIsNoPemIsRefused(String setting, String named) throws Exception {
    Map<String, String> settings = mutualSettings();
    settings.put(setting, Files.writeString(folder.resolve("text"), "no PEM").toString());
    assertRefused(settings, named, "holds no certificate or key in PEM");
  }

  @Test
  void httpsToAServerWithoutTlsIsUnavailable() {
    assertUnavailable(Map.of("endpoints", plain.url().replace("http:", "https:")), 3);
  }

  @Test
  void httpToAServerWithTlsIsUnavailable() {
    assertUnavailable(Map.of("endpoints", secured.url().replace("https:", "http:")), 3);
  }

  @Test
  void aServerThatRefusesConnectionsIsUnavailableSoon() throws Exception {
    assertUnavailable(Map.of("endpoints", "127.0.0.1:" + ServerProcess.freePort()), 3);
  }

  @Test
  void aServerThatSaysNothingIsUnavailableAfterTheTimeOut() throws Exception {
    try (TcpProxy line = TcpProxy.to(plain.host(), plain.port())) {
      line.silence();
      assertUnavailable(Map.of("endpoints", "127.0.0.1:" + line.port(), "time-out", "1s"), 3);
    }
  }

  @Test
  void aServerThatIsTooOldIsRefused() throws Exception {
    Server old = new OldEtcd("3.3.27").start();
    try {
      assertRefused(
          Map.of("endpoints", "127.0.0.1:" + old.getPort()),
          "endpoints",
          "etcd is of version 3.3.27; 3.4 is the oldest");
    } finally {
      old.shutdownNow();
    }
  }

  @Test
  void nothingThatIsPrintedHoldsThePassword() {
    EtcdSettings settings = settings(loggedIn());
    assertThat(settings.toString()).doesNotContain(PASSWORD);
    assertThat(settings.target()).doesNotContain(PASSWORD).contains(secured.url(), "skep/config/");
  }

  /** As etcd was: it answers, and tells its version. */
  private record OldEtcd(String version) {

    Server start() throws Exception {
      return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
          .addService(
              new KVGrpc.KVImplBase() {
                @Override
                public void range(RangeRequest request, StreamObserver<RangeResponse> response) {
                  response.onNext(RangeResponse.getDefaultInstance());
                  response.onCompleted();
                }
              })
          .addService(
              new MaintenanceGrpc.MaintenanceImplBase() {
                @Override
                public void status(StatusRequest request, StreamObserver<StatusResponse> response) {
                  response.onNext(StatusResponse.newBuilder().setVersion(version).build());
                  response.onCompleted();
                }
              })
          .build()
          .start();
    }
  }

  private static Map<String, String> loggedIn() {
    return new HashMap<>(
        Map.of(
            "endpoints",
            secured.url(),
            "ca-certificate",
            certificates.authority().toString(),
            "user",
            "skep",
            "password",
            PASSWORD));
  }

  private static Map<String, String> mutualSettings() {
    try {
      Certificates.Server client = certificates.server();
      return new HashMap<>(
          Map.of(
              "endpoints", mutual.url(),
              "ca-certificate", certificates.authority().toString(),
              "client-certificate", client.certificate().toString(),
              "client-key", client.key().toString()));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertRefused(Map<String, String> settings, String key, String detail) {
    assertThatExceptionOfType(CannotOpen.class)
        .isThrownBy(() -> open(settings).close())
        .satisfies(
            e -> {
              assertThat(e.key()).isEqualTo("skep.config.etcd." + key);
              assertThat(e.getMessage()).contains(detail).doesNotContain("hidden", PASSWORD);
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
                  .contains("Check skep.config.etcd.endpoints")
                  .doesNotContain("127.0.0.1");
            });
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(seconds));
  }

  private static EtcdConnection open(Map<String, String> settings) {
    return EtcdConnection.open(settings(settings));
  }

  private static EtcdSettings settings(Map<String, String> settings) {
    Wiring wiring = new Wiring();
    settings.forEach((key, value) -> wiring.configure("skep.config.etcd." + key, value));
    return EtcdSettings.of("config", wiring.get(EtcdConfigStoreConfig.class));
  }
}
