package dev.skep.port.pubsub.nats;

import dev.skep.testkit.server.GivenServer;
import dev.skep.testkit.server.NatsServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("server")
class NatsPubSubTest extends NatsContract {

  private static NatsServer server;

  @BeforeAll
  static void startServer() throws Exception {
    server = NatsServer.startOrGiven();
    System.out.println("[server] pubsub nats NATS " + server.version());
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
    TestConfig config = TestConfig.of(host, port);
    GivenServer given = server.given();
    return given == null || given.user().isEmpty()
        ? config
        : config.logIn(given.user().get(), given.password().orElse(""));
  }
}
