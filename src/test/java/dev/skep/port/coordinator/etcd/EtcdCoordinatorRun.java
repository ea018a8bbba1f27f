package dev.skep.port.coordinator.etcd;

import dev.skep.port.leased.LeasedCoordinatorRun;
import dev.skep.testkit.Wiring;
import java.util.function.LongSupplier;

/** The contract on some etcd. */
abstract class EtcdCoordinatorRun extends LeasedCoordinatorRun<EtcdCoordinator> {

  @Override
  protected final EtcdCoordinator onClock(Wiring wiring, LongSupplier nanoTime) {
    return EtcdCoordinator.onClock(wiring.get(EtcdCoordinatorConfig.class), nanoTime);
  }
}
