package dev.skep.port.leased;

import static dev.skep.testkit.Eventually.eventually;
import static dev.skep.testkit.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.SkepException;
import dev.skep.port.Driver;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry;
import dev.skep.port.registry.ServiceRegistry.Registration;
import dev.skep.port.registry.ServiceRegistry.Watch;
import dev.skep.testkit.Strands;
import dev.skep.testkit.Wiring;
import dev.skep.testkit.server.ServerAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever happens to its entry, a living replica is listed again by itself. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class LeasedRegistryFaults<D extends ServiceRegistry & Driver> {

  private static final Duration RECOVERY = Duration.ofSeconds(15);
  private static final Replica ONE =
      new Replica(
          "one",
          "http://10.0.0.1:8080",
          Set.of("web"),
          "1.2.3",
          Map.of("sql", "mysql"),
          Instant.parse("2026-03-01T10:00:00Z"),
          Map.of("load", "0.5"));

  protected final String prefix = "test-" + UUID.randomUUID();
  protected D registry;
  private D other;

  /** One of the test's own. */
  protected abstract ServerAccess access();

  protected abstract Class<D> driver();

  /** The names of the threads of its client, as a regular expression. */
  protected abstract String threads();

  /** Past the driver, as somebody with the server's own tools. */
  protected abstract void putByHand(String id, String text) throws Exception;

  /** As {@link #putByHand}. */
  protected abstract void deleteByHand(String id) throws Exception;

  @BeforeEach
  void open() {
    registry = open(access().byTheLine("registry", prefix));
    other = open(access().direct("registry", prefix));
  }

  private D open(Wiring wiring) {
    D made = wiring.configure("skep.registry." + access().driver() + ".lease", "3s").get(driver());
    made.open();
    return made;
  }

  @AfterEach
  void close() {
    access().line().mend();
    registry.close();
    other.close();
  }

  @Test
  void anEntryThatWasDeletedByHandComesBack() throws Exception {
    try (Registration registration = registry.register(ONE)) {
      awaitListed();
      deleteByHand("one");
      awaitListed();
    }
    assertThat(other.list()).isEmpty();
  }

  @Test
  void whatSkepDidNotWriteHidesNobody() throws Exception {
    putByHand("hand", "written by hand");
    putByHand("newer", "{\"id\":\"newer\",\"startedAt\":\"2026-03-01T10:00:00Z\",\"unknown\":[1]}");
    try (Registration registration = registry.register(ONE)) {
      eventually(
          "both are listed",
          RECOVERY,
          () -> other.list().stream().map(Replica::id).toList().equals(List.of("newer", "one")));
    }
  }

  @Test
  void aKilledAndAWipedServerListItAgain() throws Exception {
    AtomicReference<List<Replica>> seen = new AtomicReference<>(List.of());
    try (Registration registration = registry.register(ONE);
        Watch watch = other.watch(seen::set)) {
      awaitListed();
      access().process().kill();
      pause(Duration.ofSeconds(4));
      access().process().restart();
      awaitListed();
      access().wipe();
      awaitListed();
      eventually("it is watched", RECOVERY, () -> seen.get().equals(List.of(ONE)));
    }
  }

  @Test
  void aFrozenServerIsUnavailableInTime() throws Exception {
    try (Registration registration = registry.register(ONE)) {
      awaitListed();
      access().process().freeze();
      try {
        long began = System.nanoTime();
        assertThat(listedByTheOther()).isFalse();
        registration.update(ONE);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(7));
      } finally {
        access().process().thaw();
      }
      awaitListed();
    }
  }

  @Test
  void whoIsInABlackHoleIsNotListedAfterItsExpiry() {
    try (Registration registration = registry.register(ONE)) {
      awaitListed();
      access().line().silence();
      long began = System.nanoTime();
      eventually("it is not listed", registry.expiry(), () -> other.list().isEmpty());
      System.out.printf(
          "registry %s: black hole, lease 3 s, gone after %d ms%n",
          access().driver(), Duration.ofNanos(System.nanoTime() - began).toMillis());
      access().line().mend();
      awaitListed();
    }
  }

  @Test
  void closingRemovesTheEntryAndLeavesNothingBehind() {
    registry.register(ONE);
    registry.watch(state -> {});
    awaitListed();

    registry.close();

    assertThat(other.list()).isEmpty();
    eventually("no connection is left", RECOVERY, () -> access().line().connections() == 0);
    other.close();
    eventually(
        "no thread is left",
        RECOVERY,
        () -> Strands.named("registration .*|" + threads()).isEmpty());
  }

  private void awaitListed() {
    eventually("it is listed", RECOVERY, this::listedByTheOther);
  }

  private boolean listedByTheOther() {
    try {
      return other.list().equals(List.of(ONE));
    } catch (SkepException e) {
      return false;
    }
  }
}
