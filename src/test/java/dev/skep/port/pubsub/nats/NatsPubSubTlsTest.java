package dev.skep.port.pubsub.nats;

import dev.skep.testkit.server.Certificates;
import dev.skep.testkit.server.NatsServer;
import dev.skep.testkit.tier.EssentialOutsideSoak;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The contract once more, with TLS and a password. */
@Tag("server")
@EssentialOutsideSoak
class NatsPubSubTlsTest extends NatsContract {

  @TempDir static Path folder;

  private static Certificates certificates;
  private static NatsServer server;

  @BeforeAll
  static void startServer() throws Exception {
    certificates = new Certificates(folder);
    Certificates.Server own = certificates.server();
    server =
        NatsServer.start(
            "--user=skep",
            "--pass=open sesame",
            "--tls",
            "--tlscert=" + own.certificate(),
            "--tlskey=" + own.key());
    System.out.println("[server] pubsub nats NATS " + server.version() + ", TLS, password");
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  protected NatsServer server() {
    return server;
  }

  @Override
  protected TestConfig settings(String host, int port) {
    return TestConfig.of("tls://" + host + ":" + port)
        .ca(certificates.authority())
        .logIn("skep", "open sesame");
  }
}
