package dev.skep.port.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.SqlStoreContract;
import dev.skep.testkit.MySqlSettings;
import dev.skep.testkit.SqlEngine;
import dev.skep.testkit.SqlServer;
import dev.skep.testkit.server.Certificates;
import dev.skep.testkit.tier.EssentialOutsideSoak;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract once more, by an account that must use TLS and has a password. */
@Tag("server")
@EssentialOutsideSoak
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MySqlSqlStoreTlsTest extends SqlStoreContract {

  private static final String PASSWORD = "pass & word/ü'\"%";

  @TempDir static Path folder;

  private static Vertx vertx;
  private SqlServer server;
  private SqlServer.Database database;
  private MySqlSettings settings;

  private MySqlSqlStore store;

  /** The product that all this is tried on. */
  SqlEngine engine() {
    return SqlEngine.MARIADB;
  }

  @BeforeAll
  void start() throws Exception {
    vertx = Vertx.vertx();
    Certificates certificates = new Certificates(folder);
    server = server(certificates, certificates.server());
    System.out.println("[server] sql mysql " + server.version() + ", TLS, password");
    database = server.newDatabase();
    database.run(
        "CREATE USER 'by tls'@'%' IDENTIFIED BY '" + PASSWORD.replace("'", "''") + "' REQUIRE SSL",
        "GRANT ALL ON " + database.settings().database() + ".* TO 'by tls'@'%'");
    settings = database.settings().as("by tls", PASSWORD).encrypted(certificates.authority());
  }

  @AfterAll
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    restart();
    database.run("DELETE FROM counter", "DELETE FROM entry");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected SqlStore store() {
    return store;
  }

  @Override
  protected void restart() {
    if (store != null) {
      store.close();
    }
    store = opened(settings);
  }

  @Test
  void everyConnectionIsEncrypted() throws Exception {
    store.check();
    assertThat(
            store.<String>read(
                tx ->
                    tx.one(new Sql("SHOW STATUS LIKE 'Ssl_version'")).orElseThrow().text("value")))
        .startsWith("TLSv1");
  }

  @Test
  void anotherAuthorityIsNotTrusted() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other" + System.nanoTime()));
    refused(settings.encrypted(new Certificates(other).authority()), "skep.sql.mysql.tls-ca");
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() throws Exception {
    Path other = Files.createDirectory(folder.resolve("stranger" + System.nanoTime()));
    Certificates certificates = new Certificates(other);
    try (SqlServer stranger = server(certificates, certificates.stranger())) {
      refused(
          stranger.newDatabase().settings().encrypted(certificates.authority()),
          "skep.sql.mysql.tls-ca");
    }
  }

  @Test
  void aServerWithoutTlsIsRefused() throws Exception {
    try (SqlServer plain = engine().startOwn(engine().withoutTls())) {
      refused(
          plain.newDatabase().settings().encrypted(settings.tlsCa().orElseThrow()),
          "skep.sql.mysql.tls");
    }
  }

  @Test
  void aFileWithoutCertificatesIsRefused() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing");
    refused(settings.encrypted(empty), "skep.sql.mysql.tls-ca");
    refused(settings.encrypted(folder.resolve("missing.pem")), "skep.sql.mysql.tls-ca");
  }

  @Test
  void aPlainConnectionOfThatAccountIsRefused() {
    MySqlSettings plain = database.settings().as("by tls", PASSWORD);
    CannotOpen refusal = refused(plain, "skep.sql.mysql.password");
    assertThat(refusal.getMessage()).contains("TLS");
  }

  /** A line that dies while TLS is agreed on may be well again later. */
  @Test
  void aSilentServerMayAnswerLater() throws Exception {
    try (var silent = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      MySqlSqlStore closed = store(settings.at("127.0.0.1:" + silent.getLocalPort()));
      assertThat(catchThrowableOfType(SkepException.class, closed::open).code().retryable())
          .isTrue();
    }
  }

  private static CannotOpen refused(MySqlSettings wrong, String key) {
    CannotOpen refusal = catchThrowableOfType(CannotOpen.class, store(wrong)::open);
    assertThat(refusal).as("%s is named", key).isNotNull();
    assertThat(refusal.key()).isEqualTo(key);
    assertThat(refusal.line()).doesNotContain(PASSWORD);
    return refusal;
  }

  private static MySqlSqlStore opened(MySqlSettings settings) {
    MySqlSqlStore store = store(settings);
    store.open();
    return store;
  }

  private static MySqlSqlStore store(MySqlSettings settings) {
    return new MySqlSqlStore(vertx, settings, MySqlSqlStoreTest.CONTRACT);
  }

  private SqlServer server(Certificates authority, Certificates.Server own) throws Exception {
    return engine()
        .startOwn(
            "--ssl-ca=" + authority.authority(),
            "--ssl-cert=" + own.certificate(),
            "--ssl-key=" + own.key());
  }
}
