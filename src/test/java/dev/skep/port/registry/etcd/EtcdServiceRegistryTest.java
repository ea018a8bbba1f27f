package dev.skep.port.registry.etcd;

import dev.skep.port.registry.ServiceRegistry;
import dev.skep.port.registry.ServiceRegistryContract;
import dev.skep.testkit.Wiring;
import dev.skep.testkit.server.EtcdServer;
import dev.skep.testkit.server.TcpProxy;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on a real etcd. */
@Tag("server")
class EtcdServiceRegistryTest extends ServiceRegistryContract {

  private static EtcdServer server;
  private static TcpProxy line;

  private final String prefix = "test-" + UUID.randomUUID();
  private EtcdServiceRegistry registry;
  private EtcdServiceRegistry other;

  @BeforeAll
  static void startServer() throws Exception {
    server = EtcdServer.start();
    line = TcpProxy.to(server.host(), server.port());
    System.out.println("[server] registry etcd etcd " + server.version());
  }

  @AfterAll
  static void stopServer() throws Exception {
    line.close();
    server.close();
  }

  @Override
  protected ServiceRegistry start() {
    registry = open(line.port());
    other = open(server.port());
    return registry;
  }

  @Override
  protected void stop() {
    line.mend();
    registry.close();
    other.close();
  }

  @Override
  protected ServiceRegistry otherReplica() {
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

  private EtcdServiceRegistry open(int port) {
    EtcdServiceRegistry made =
        new Wiring()
            .configure("skep.registry.etcd.endpoints", server.url(port))
            .configure("skep.registry.etcd.prefix", prefix)
            .configure("skep.registry.etcd.lease", "2s")
            .get(EtcdServiceRegistry.class);
    made.open();
    return made;
  }
}
