package dev.skep.port.pubsub.nats;

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
    if (server.logIn() == null) {
      return config;
    }
    String[] logIn = server.logIn().split(":", 2);
    return config.logIn(logIn[0], logIn[1]);
  }
}
