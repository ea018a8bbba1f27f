package dev.skep.port.config.etcd;

import dev.skep.port.config.ConfigStore;
import dev.skep.port.config.ConfigStoreContract;
import dev.skep.testkit.Wiring;
import dev.skep.testkit.server.EtcdServer;
import dev.skep.testkit.server.TcpProxy;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on a real etcd. */
@Tag("server")
class EtcdConfigStoreTest extends ConfigStoreContract {

  private static EtcdServer server;
  private static TcpProxy line;

  private final String prefix = "test-" + UUID.randomUUID();
  private EtcdConfigStore store;
  private EtcdConfigStore other;
  private boolean full;

  @BeforeAll
  static void startServer() throws Exception {
    server = EtcdServer.start();
    line = TcpProxy.to(server.host(), server.port());
    System.out.println("[server] config etcd etcd " + server.version());
  }

  @AfterAll
  static void stopServer() throws Exception {
    line.close();
    server.close();
  }

  @Override
  protected ConfigStore start() {
    store = open(line.port());
    other = open(server.port());
    return store;
  }

  @Override
  protected void stop() {
    line.mend();
    setFull(false);
    store.close();
    other.close();
  }

  @Override
  protected ConfigStore otherReplica() {
    return other;
  }

  @Override
  protected void setDown(boolean down) {
    if (down) {
      line.cut();
    } else {
      line.mend();
    }
  }

  @Override
  protected void setFull(boolean wanted) {
    if (wanted == full) {
      return;
    }
    if (wanted) {
      server.fill();
    } else {
      server.empty();
    }
    full = wanted;
  }

  private EtcdConfigStore open(int port) {
    EtcdConfigStore made =
        new Wiring()
            .configure("skep.config.etcd.endpoints", server.url(port))
            .configure("skep.config.etcd.prefix", prefix)
            .configure("skep.config.etcd.time-out", "3s")
            .get(EtcdConfigStore.class);
    made.open();
    return made;
  }
}
