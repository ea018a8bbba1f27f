package dev.skep.port.leased;

import dev.skep.port.Driver;
import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.testkit.Wiring;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A process that holds a lease until it is killed, and says every 20 ms whether it believes so:
 * {@code token N}, then {@code held} or {@code not held}, and {@code lost} once it is told.
 */
final class LeaseHolder {

  private LeaseHolder() {}

  /** What another process is to be started with. */
  static List<String> arguments(
      Class<? extends Coordinator> driver, Wiring wiring, String name, Duration duration) {
    List<String> arguments = new ArrayList<>(List.of(driver.getName(), name, duration.toString()));
    wiring.configuration().forEach((key, value) -> arguments.add(key + "=" + value));
    return arguments;
  }

  /**
   * @param args class of the driver, name, duration, and its configuration as KEY=VALUE
   */
  public static void main(String... args) throws Exception {
    Wiring wiring = new Wiring();
    Arrays.stream(args)
        .skip(3)
        .map(each -> each.split("=", 2))
        .forEach(each -> wiring.configure(each[0], each[1]));
    Object made = wiring.get(Class.forName(args[0]));
    ((Driver) made).open();
    Coordinator coordinator = (Coordinator) made;
    Lease lease = Objects.requireNonNull(coordinator.tryAcquire(args[1], Duration.parse(args[2])));
    lease.onLoss(() -> System.out.println("lost"));
    System.out.println("token " + lease.token().number());
    while (true) {
      System.out.println(lease.held() ? "held" : "not held");
      Thread.sleep(20);
    }
  }
}
