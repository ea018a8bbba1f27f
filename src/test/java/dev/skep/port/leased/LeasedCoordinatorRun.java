package dev.skep.port.leased;

import dev.skep.port.Driver;
import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.coordinator.CoordinatorContract;
import dev.skep.testkit.Wiring;
import dev.skep.testkit.server.ServerAccess;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The contract on a server with leases: one replica comes by a line that is cut, another past it.
 */
public abstract class LeasedCoordinatorRun<D extends Coordinator & Driver>
    extends CoordinatorContract {

  private final AtomicLong paused = new AtomicLong();
  private String prefix = "test-" + UUID.randomUUID();
  private D coordinator;
  private D other;

  protected abstract ServerAccess access();

  /** A driver whose leases end by this clock. */
  protected abstract D onClock(Wiring wiring, LongSupplier nanoTime);

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
    if (access().isGiven()) {
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

  private D open(Wiring wiring, LongSupplier nanoTime) {
    D made = onClock(wiring, nanoTime);
    made.open();
    return made;
  }
}
