package dev.skep.port.registry.embedded;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry;
import dev.skep.port.registry.ServiceRegistryContract;
import dev.skep.testkit.ForwardingServiceRegistry;
import java.util.List;

/** The contract within this process. */
class EmbeddedServiceRegistryTest extends ServiceRegistryContract {

  private final EmbeddedServiceRegistry registry = new EmbeddedServiceRegistry();
  private volatile boolean down;

  @Override
  protected ServiceRegistry start() {
    registry.open();
    return new ForwardingServiceRegistry(registry) {
      @Override
      public List<Replica> list() {
        if (down) {
          throw new SkepException(ErrorCode.UNAVAILABLE, "taken away by the test");
        }
        return super.list();
      }
    };
  }

  @Override
  protected void stop() {
    registry.close();
  }

  /** A process has no store that could be down; a registry that refuses stands for it. */
  @Override
  protected void setDown(boolean wanted) {
    down = wanted;
  }
}
