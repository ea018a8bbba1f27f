package dev.skep.port.registry.etcd;

import dev.skep.port.registry.ServiceRegistry;
import dev.skep.port.registry.ServiceRegistryContract;
import dev.skep.testkit.Wiring;
import dev.skep.testkit.server.EtcdAccess;
import java.util.UUID;

/** The contract on some etcd. */
abstract class EtcdServiceRegistryRun extends ServiceRegistryContract {

  private final String prefix = "test-" + UUID.randomUUID();
  private EtcdServiceRegistry registry;
  private EtcdServiceRegistry other;

  abstract EtcdAccess access();

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

  private static EtcdServiceRegistry open(Wiring wiring) {
    EtcdServiceRegistry made =
        wiring.configure("skep.registry.etcd.lease", "2s").get(EtcdServiceRegistry.class);
    made.open();
    return made;
  }
}
