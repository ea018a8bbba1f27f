package dev.skep.port.registry.zookeeper;

import dev.skep.port.registry.ServiceRegistry;
import dev.skep.port.registry.ServiceRegistryContract;
import dev.skep.testkit.Wiring;
import dev.skep.testkit.server.ZooKeeperServers;
import java.util.UUID;

/** The contract on some ZooKeeper. */
abstract class ZooKeeperServiceRegistryRun extends ServiceRegistryContract {

  private final String prefix = "test-" + UUID.randomUUID();
  private ZooKeeperServiceRegistry registry;
  private ZooKeeperServiceRegistry other;

  abstract ZooKeeperServers access();

  @Override
  protected ServiceRegistry start() {
    registry = open(access().byTheLine("registry", prefix));
    other = open(access().direct("registry", prefix));
    return registry;
  }

  @Override
  protected void stop() {
    access().line().mend();
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
      access().line().cut();
    } else {
      access().line().mend();
    }
  }

  private static ZooKeeperServiceRegistry open(Wiring wiring) {
    ZooKeeperServiceRegistry made =
        wiring.configure("skep.registry.zookeeper.lease", "2s").get(ZooKeeperServiceRegistry.class);
    made.open();
    return made;
  }
}
