package dev.skep.port.coordinator.zookeeper;

import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.testkit.Wiring;
import java.time.Duration;
import java.util.Objects;

/**
 * A process that holds a lease until it is killed, and says every 20 ms whether it believes so:
 * {@code token N}, then {@code held} or {@code not held}, and {@code lost} once it is told.
 */
final class LeaseHolder {

  private LeaseHolder() {}

  /**
   * @param args servers, prefix, name, duration, tick
   */
  public static void main(String... args) throws Exception {
    ZooKeeperCoordinator coordinator =
        new Wiring()
            .configure("skep.coordinator.zookeeper.servers", args[0])
            .configure("skep.coordinator.zookeeper.prefix", args[1])
            .configure("skep.coordinator.zookeeper.tick-time", args[4])
            .get(ZooKeeperCoordinator.class);
    coordinator.open();
    Lease lease = Objects.requireNonNull(coordinator.tryAcquire(args[2], Duration.parse(args[3])));
    lease.onLoss(() -> System.out.println("lost"));
    System.out.println("token " + lease.token().number());
    while (true) {
      System.out.println(lease.held() ? "held" : "not held");
      Thread.sleep(20);
    }
  }
}
