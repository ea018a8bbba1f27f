package dev.skep.boot;

import dev.skep.common.SkepException;
import dev.skep.domain.cluster.Members;
import dev.skep.domain.identity.Bootstrap;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Keeps this replica away from replicas of another drive that are in the same registry (P23): they
 * would take each other's background work. {@link Neighbours} knows only those on the same tables,
 * so a second replica on tables of its own machine comes to light here. A registry that does not
 * answer holds up no start.
 */
@Singleton
@Priority(300)
final class OtherDrives implements Part {

  private static final Logger LOG = Logger.getLogger(OtherDrives.class);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final ServiceRegistry registry;
  private final Supplier<UUID> drive;
  private final Choice choice;

  @Inject
  OtherDrives(ServiceRegistry registry, Bootstrap bootstrap, Choice choice) {
    this(registry, () -> bootstrap.installation().orElseThrow(), choice);
  }

  OtherDrives(ServiceRegistry registry, Supplier<UUID> drive, Choice choice) {
    this.registry = registry;
    this.drive = drive;
    this.choice = choice;
  }

  /**
   * Waits, where one is listed, until it is known whether it lives.
   *
   * @throws CannotStart when it does
   */
  @Override
  public void start() {
    if (choice.isEmbedded(Port.REGISTRY)) {
      return;
    }
    String own = drive.get().toString();
    try {
      refuseIfTheyStay(own);
    } catch (SkepException e) {
      LOG.debugf("Whether the registry lists other drives is not known: %s", e.detail());
    }
  }

  @Override
  public void stop() {}

  private void refuseIfTheyStay(String own) {
    List<Replica> others = others(own);
    long deadline = System.nanoTime() + registry.expiry().toNanos();
    while (!others.isEmpty() && System.nanoTime() - deadline < 0) {
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        return; // this replica is stopping
      }
      others = others(own);
    }
    if (!others.isEmpty()) {
      throw new CannotStart(List.of(problem(others.getFirst())));
    }
  }

  /** Those of another drive; one that does not tell its drive is of an older version. */
  private List<Replica> others(String own) {
    return registry.list().stream()
        .filter(replica -> replica.attributes().containsKey(Members.DRIVE))
        .filter(replica -> !own.equals(replica.attributes().get(Members.DRIVE)))
        .toList();
  }

  private String problem(Replica other) {
    String own = choice.driver(Port.SQL);
    String theirs = Objects.requireNonNullElse(other.drivers().get(Port.SQL.word()), "?");
    return "%s=%s: replica %s, in the same registry, serves another drive%s. The two would take each other's background work. Let both use the same tables of sql, or give each drive a prefix of its own in what they share."
        .formatted(
            Port.SQL.driverKey(), own, other.id(), own.equals(theirs) ? "" : " on " + theirs);
  }
}
