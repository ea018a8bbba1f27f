package dev.skep.port.leased;

import dev.skep.port.Driver;
import dev.skep.port.registry.ServiceRegistry;
import dev.skep.port.registry.ServiceRegistryContract;
import dev.skep.testkit.Wiring;
import dev.skep.testkit.server.ServerAccess;
import java.util.UUID;

/**
 * The contract on a server with leases: one replica comes by a line that is cut, another past it.
 */
public abstract class LeasedRegistryRun<D extends ServiceRegistry & Driver>
    extends ServiceRegistryContract {

  private final String prefix = "test-" + UUID.randomUUID();
  private D registry;
  private D other;

  protected abstract ServerAccess access();

  protected abstract Class<D> driver();

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

  private D open(Wiring wiring) {
    D made = wiring.configure("skep.registry." + access().driver() + ".lease", "2s").get(driver());
    made.open();
    return made;
  }
}
