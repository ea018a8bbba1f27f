package dev.skep.port.coordinator.zookeeper;

import dev.skep.port.leased.LeasedCoordinatorRun;
import dev.skep.testkit.Wiring;
import java.util.function.LongSupplier;

/** The contract on some ZooKeeper. */
abstract class ZooKeeperCoordinatorRun extends LeasedCoordinatorRun<ZooKeeperCoordinator> {

  @Override
  protected final ZooKeeperCoordinator onClock(Wiring wiring, LongSupplier nanoTime) {
    return ZooKeeperCoordinator.onClock(wiring.get(ZooKeeperCoordinatorConfig.class), nanoTime);
  }
}
