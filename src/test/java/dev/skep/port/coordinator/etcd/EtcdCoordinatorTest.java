package dev.skep.port.coordinator.etcd;

import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.coordinator.CoordinatorContract;
import dev.skep.testkit.Wiring;
import dev.skep.testkit.server.EtcdServer;
import dev.skep.testkit.server.TcpProxy;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on a real etcd. */
@Tag("server")
class EtcdCoordinatorTest extends CoordinatorContract {

  private static EtcdServer server;
  private static TcpProxy line;

  private final AtomicLong paused = new AtomicLong();
  private String prefix = "test-" + UUID.randomUUID();
  private EtcdCoordinator coordinator;
  private EtcdCoordinator other;

  @BeforeAll
  static void startServer() throws Exception {
    server = EtcdServer.start();
    line = TcpProxy.to(server.host(), server.port());
    System.out.println("[server] coordinator etcd etcd " + server.version());
  }

  @AfterAll
  static void stopServer() throws Exception {
    line.close();
    server.close();
  }

  @Override
  protected Coordinator start() {
    coordinator = open(line.port(), () -> System.nanoTime() + paused.get());
    other = open(server.port(), System::nanoTime);
    return coordinator;
  }

  @Override
  protected void stop() {
    line.mend();
    coordinator.close();
    other.close();
  }

  /** A given server may not be wiped; another prefix is as empty. */
  @Override
  protected Coordinator startAnew() throws Exception {
    stop();
    if (EtcdServer.isGiven()) {
      prefix = "test-" + UUID.randomUUID();
    } else {
      server.wipe();
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
      line.cut();
    } else {
      line.mend();
    }
  }

  private EtcdCoordinator open(int port, LongSupplier clock) {
    EtcdCoordinatorConfig config =
        new Wiring()
            .configure("skep.coordinator.etcd.endpoints", server.url(port))
            .configure("skep.coordinator.etcd.prefix", prefix)
            .get(EtcdCoordinatorConfig.class);
    EtcdCoordinator made = EtcdCoordinator.onClock(config, clock);
    made.open();
    return made;
  }
}
