package dev.skep.port.coordinator.zookeeper;

import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.coordinator.CoordinatorContract;
import dev.skep.testkit.Wiring;
import dev.skep.testkit.server.ZooKeeperServers;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The contract on some ZooKeeper. */
abstract class ZooKeeperCoordinatorRun extends CoordinatorContract {

  private final AtomicLong paused = new AtomicLong();
  private String prefix = "test-" + UUID.randomUUID();
  private ZooKeeperCoordinator coordinator;
  private ZooKeeperCoordinator other;

  abstract ZooKeeperServers access();

  @Override
  protected Coordinator start() {
    coordinator =
        open(access().byTheLine("coordinator", prefix), () -> System.nanoTime() + paused.get());
    other = open(access().direct("coordinator", prefix), System::nanoTime);
    return coordinator;
  }

  @Override
  protected void stop() {
    access().line().mend();
    coordinator.close();
    other.close();
  }

  /** A given server may not be wiped; another prefix is as empty. */
  @Override
  protected Coordinator startAnew() throws Exception {
    stop();
    if (ZooKeeperServers.isGiven()) {
      prefix = "test-" + UUID.randomUUID();
    } else {
      access().wipe();
    }
    return start();
  }

  @Override
  protected Coordinator otherReplica() {
    return other;
  }

  @Override
  protected void pauseHolders(Duration duration) {
    paused.addAndGet(duration.toNanos());
  }

  @Override
  protected void setDown(boolean down) {
    if (down) {
      access().line().cut();
    } else {
      access().line().mend();
    }
  }

  private static ZooKeeperCoordinator open(Wiring wiring, LongSupplier clock) {
    ZooKeeperCoordinator made =
        ZooKeeperCoordinator.onClock(wiring.get(ZooKeeperCoordinatorConfig.class), clock);
    made.open();
    return made;
  }
}
