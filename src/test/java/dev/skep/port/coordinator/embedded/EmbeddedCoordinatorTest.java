package dev.skep.port.coordinator.embedded;

import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.coordinator.CoordinatorContract;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The contract within this process. */
class EmbeddedCoordinatorTest extends CoordinatorContract {

  private final AtomicLong paused = new AtomicLong();
  private EmbeddedCoordinator coordinator;

  @Override
  protected Coordinator start() {
    coordinator = EmbeddedCoordinator.onClock(() -> System.nanoTime() + paused.get());
    coordinator.open();
    return coordinator;
  }

  @Override
  protected void stop() {
    coordinator.close();
  }

  @Override
  protected Coordinator startAnew() {
    stop();
    return start();
  }

  @Override
  protected void pauseHolders(Duration duration) {
    paused.addAndGet(duration.toNanos());
  }

  /** A process has no target that could be down; a driver that is not open stands for it. */
  @Override
  protected void setDown(boolean down) {
    if (down) {
      coordinator.close();
    } else {
      coordinator.open();
    }
  }
}
