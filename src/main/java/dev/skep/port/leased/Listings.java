package dev.skep.port.leased;

import dev.skep.common.Deadline;
import dev.skep.port.registry.ServiceRegistry.Registration;
import dev.skep.port.registry.ServiceRegistry.Watch;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The entries that one registry keeps listed, and its watches; they end with it. Thread-safe. */
public final class Listings {

  private final Set<KeptRegistration> registrations = ConcurrentHashMap.newKeySet();
  private final Set<Follower<?>> watches = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** Keeps it listed from now on. */
  public Registration keep(KeptRegistration registration) {
    registrations.add(registration);
    registration.start(registrations::remove);
    if (closed) {
      registration.stop(); // perhaps it was not in the set yet
    }
    return registration;
  }

  /** A watch by one that follows already. */
  public Watch watch(Follower<?> follower) {
    watches.add(follower);
    if (closed) {
      follower.stop();
    }
    return () -> {
      follower.close();
      watches.remove(follower);
    };
  }

  /**
   * Ends all watches, and removes all entries.
   *
   * @param atMost how long removing them may take
   */
  public void close(Duration atMost) {
    closed = true;
    watches.forEach(Follower::stop);
    List<KeptRegistration> last = List.copyOf(registrations);
    last.forEach(KeptRegistration::stop);
    Deadline deadline = Deadline.in(atMost);
    last.forEach(each -> each.awaitEnd(deadline.left()));
  }
}
