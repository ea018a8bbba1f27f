package dev.skep.port.registry;

import static dev.skep.testkit.Eventually.eventually;
import static dev.skep.testkit.Eventually.never;
import static dev.skep.testkit.Failing.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.skep.common.SkepException;
import dev.skep.port.registry.ServiceRegistry.Registration;
import dev.skep.port.registry.ServiceRegistry.Watch;
import dev.skep.testkit.tier.Essential;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link ServiceRegistry} promises; each driver passes it on its real target. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ServiceRegistryContract {

  /** What happens "at once" has happened by then, on a slow machine too. */
  private static final Duration SOON = Duration.ofSeconds(20);

  private ServiceRegistry registry;

  /** Opens the registry; nobody is registered. */
  protected abstract ServiceRegistry start() throws Exception;

  protected abstract void stop() throws Exception;

  /** What another replica sees; the same registry where a driver serves one process only. */
  protected ServiceRegistry otherReplica() {
    return registry;
  }

  /** How long a watcher may take to see a change; after an outage the port promises this much. */
  protected Duration seenWithin() {
    return Duration.ofSeconds(15);
  }

  /** Takes the store from this replica, not from the other, or gives it back, without a restart. */
  protected abstract void setDown(boolean down) throws Exception;

  @BeforeEach
  void open() throws Exception {
    registry = start();
  }

  @AfterEach
  void close() throws Exception {
    stop();
  }

  private static Replica replica(String id, String... attributes) {
    Map<String, String> all = new java.util.HashMap<>();
    for (int i = 0; i < attributes.length; i += 2) {
      all.put(attributes[i], attributes[i + 1]);
    }
    return new Replica(
        id,
        "http://10.0.0.1:8080",
        Set.of("web", "worker"),
        "1.2.3",
        Map.of("sql", "mysql", "config", "etcd"),
        Instant.parse("2026-03-01T10:00:00.123456Z"),
        all);
  }

  private void awaitListed(ServiceRegistry by, Replica... wanted) {
    eventually("listed are " + List.of(wanted), SOON, () -> by.list().equals(List.of(wanted)));
  }

  @Nested
  protected class Registering {

    @Test
    void nobodyIsListedWhoIsNotRegistered() {
      assertThat(registry.list()).isEmpty();
    }

    @Test
    @Essential
    void aRegisteredReplicaIsListedAsItTold() {
      Replica told = replica("one", "load", "0.5", "Ünï ✓ \" \u0000", "");
      try (Registration registration = registry.register(told)) {
        awaitListed(registry, told);
        awaitListed(otherReplica(), told);
      }
    }

    @Test
    void aReplicaMayTellNothingButItsId() {
      Replica told = new Replica("x", "", Set.of(), "", Map.of(), Instant.EPOCH, Map.of());
      try (Registration registration = registry.register(told)) {
        awaitListed(otherReplica(), told);
      }
    }

    @Test
    void replicasAreListedById() {
      List<Registration> registrations = new ArrayList<>();
      for (String id : List.of("c", "a-1", "b", "a")) {
        ServiceRegistry mine = registrations.size() % 2 == 0 ? registry : otherReplica();
        registrations.add(mine.register(replica(id)));
      }
      for (ServiceRegistry each : List.of(registry, otherReplica())) {
        awaitListed(each, replica("a"), replica("a-1"), replica("b"), replica("c"));
      }
      registrations.forEach(Registration::close);
    }

    @Test
    void anUpdateReplacesWhatIsTold() {
      try (Registration registration = registry.register(replica("one", "load", "0.1", "a", "b"))) {
        awaitListed(otherReplica(), replica("one", "load", "0.1", "a", "b"));
        registration.update(replica("one", "load", "0.9"));
        awaitListed(otherReplica(), replica("one", "load", "0.9"));
      }
    }

    @Test
    void ofManyUpdatesTheLatestIsListed() {
      try (Registration registration = registry.register(replica("one"))) {
        for (int i = 0; i <= 100; i++) {
          registration.update(replica("one", "n", Integer.toString(i)));
        }
        awaitListed(otherReplica(), replica("one", "n", "100"));
        never(
            "an older one is listed again",
            Duration.ofMillis(500),
            () -> !otherReplica().list().equals(List.of(replica("one", "n", "100"))));
      }
    }

    @Test
    void anUpdateUnderAnotherIdIsRefused() {
      try (Registration registration = registry.register(replica("one"))) {
        assertThatIllegalArgumentException().isThrownBy(() -> registration.update(replica("two")));
        awaitListed(otherReplica(), replica("one"));
      }
    }

    @Test
    void whoClosesIsNotListedAnyMore() {
      Registration leaving = registry.register(replica("one"));
      try (Registration staying = otherReplica().register(replica("two"))) {
        awaitListed(otherReplica(), replica("one"), replica("two"));
        leaving.close();
        leaving.close();
        assertThat(otherReplica().list()).containsExactly(replica("two"));
        leaving.update(replica("one", "late", "yes"));
        never(
            "it is listed again", Duration.ofMillis(500), () -> otherReplica().list().size() != 1);
      }
    }

    @Test
    void aLivingReplicaStaysListed() {
      try (Registration registration = registry.register(replica("one"))) {
        awaitListed(otherReplica(), replica("one"));
        never(
            "it is not listed",
            registry.expiry().multipliedBy(2).plusMillis(500),
            () -> otherReplica().list().isEmpty());
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "a b", "a/b", "ä", "a\n"})
    void anIdThatIsNoneIsRefused(String id) {
      assertThatIllegalArgumentException().isThrownBy(() -> replica(id));
      assertThatIllegalArgumentException().isThrownBy(() -> replica("x".repeat(81)));
    }

    @Test
    void whatAReplicaTellsHas16KiBAtMost() {
      Replica empty = new Replica("one", "", Set.of(), "", Map.of(), Instant.EPOCH, Map.of());
      String most = "ü".repeat((Replica.MAX_BYTES - "one".length() - 1) / 2);
      Replica largest =
          new Replica("one", "", Set.of(), "", Map.of(), Instant.EPOCH, Map.of("k", most));
      try (Registration registration = registry.register(empty)) {
        registration.update(largest);
        awaitListed(otherReplica(), largest);
      }
      assertThatIllegalArgumentException().isThrownBy(() -> replica("one", "k", most));
      assertThatIllegalArgumentException().isThrownBy(() -> replica("one", "k", "\ud800"));
    }
  }

  @Nested
  protected class Watching {

    private final BlockingQueue<List<Replica>> seen = new LinkedBlockingQueue<>();

    private List<Replica> next() throws InterruptedException {
      List<Replica> state = seen.poll(seenWithin().toSeconds(), TimeUnit.SECONDS);
      assertThat(state).as("state in time").isNotNull();
      return state;
    }

    private void awaitState(Replica... wanted) throws InterruptedException {
      List<Replica> state = next();
      while (!state.equals(List.of(wanted))) {
        state = next();
      }
    }

    @Test
    void beginsWithAllReplicas() throws Exception {
      try (Registration registration = otherReplica().register(replica("one"))) {
        awaitListed(registry, replica("one"));
        try (Watch watch = registry.watch(seen::add)) {
          assertThat(next()).containsExactly(replica("one"));
        }
      }
    }

    @Test
    void tellsWhoComesChangesAndGoes() throws Exception {
      try (Watch watch = registry.watch(seen::add)) {
        assertThat(next()).isEmpty();
        Registration one = registry.register(replica("one"));
        awaitState(replica("one"));
        Registration two = otherReplica().register(replica("two"));
        awaitState(replica("one"), replica("two"));
        two.update(replica("two", "load", "1"));
        awaitState(replica("one"), replica("two", "load", "1"));
        one.close();
        awaitState(replica("two", "load", "1"));
        two.close();
        awaitState();
      }
    }

    @Test
    void aSlowWatcherDelaysNobodyAndSeesTheLatestState() throws Exception {
      CountDownLatch hold = new CountDownLatch(1);
      try (Registration one = registry.register(replica("one"));
          Watch watch =
              registry.watch(
                  state -> {
                    awaitUninterruptibly(hold);
                    seen.add(state);
                  })) {
        one.update(replica("one", "n", "1"));
        awaitListed(registry, replica("one", "n", "1"));
        hold.countDown();
        awaitState(replica("one", "n", "1"));
      }
    }

    @Test
    void whatAWatcherThrowsDoesNotEndTheWatch() throws Exception {
      try (Watch watch =
          registry.watch(
              state -> {
                seen.add(state);
                throw new IllegalStateException("thrown by the test's watcher");
              })) {
        assertThat(next()).isEmpty();
        try (Registration one = registry.register(replica("one"))) {
          awaitState(replica("one"));
        }
      }
    }

    @Test
    void runsOnAVirtualThread() throws Exception {
      CompletableFuture<Boolean> virtual = new CompletableFuture<>();
      try (Watch watch =
          registry.watch(state -> virtual.complete(Thread.currentThread().isVirtual()))) {
        assertThat(virtual.get(seenWithin().toSeconds(), TimeUnit.SECONDS)).isTrue();
      }
    }

    @Test
    void afterCloseTheWatcherIsNotCalledAgain() {
      for (int round = 0; round < 10; round++) {
        AtomicBoolean closed = new AtomicBoolean();
        AtomicInteger late = new AtomicInteger();
        Watch watch =
            registry.watch(
                state -> {
                  Thread.yield();
                  if (closed.get()) {
                    late.incrementAndGet();
                  }
                });
        try (Registration one = registry.register(replica("one"))) {
          watch.close();
          closed.set(true);
          one.update(replica("one", "n", "1"));
          awaitListed(registry, replica("one", "n", "1"));
          assertThat(late).hasValue(0);
          watch.close();
        }
      }
    }

    @Test
    void aWatcherMayCloseItsOwnWatch() throws Exception {
      CompletableFuture<Watch> self = new CompletableFuture<>();
      AtomicInteger calls = new AtomicInteger();
      CompletableFuture<Void> done = new CompletableFuture<>();
      self.complete(
          registry.watch(
              state -> {
                calls.incrementAndGet();
                self.join().close();
                done.complete(null);
              }));
      done.get(seenWithin().toSeconds(), TimeUnit.SECONDS);
      try (Registration one = registry.register(replica("one"))) {
        awaitListed(registry, replica("one"));
        assertThat(calls).hasValue(1);
      }
    }

    @Test
    @Essential
    void survivesAnOutageAndSeesTheLatestStateAfterIt() throws Exception {
      Registration gone = otherReplica().register(replica("gone"));
      try (Watch watch = registry.watch(seen::add)) {
        awaitState(replica("gone"));
        setDown(true);
        gone.close();
        setDown(false);
        try (Registration fresh = otherReplica().register(replica("new"))) {
          awaitState(replica("new"));
        }
      }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Nested
  protected class Failures {

    @Test
    void listingIsUnavailableWhileTheStoreIsDown() throws Exception {
      setDown(true);
      try {
        assertUnavailable(() -> registry.list());
      } finally {
        setDown(false);
      }
      eventually("it answers again", SOON, this::answers);
    }

    @Test
    @Essential
    void whoIsCutOffIsNotListedAfterItsExpiryAndIsListedAgainByItself() throws Exception {
      try (Registration registration = registry.register(replica("one"))) {
        awaitListed(otherReplica(), replica("one"));
        setDown(true);
        try {
          eventually(
              "it is not listed", registry.expiry().plus(SOON), () -> listedByTheOther().isEmpty());
        } finally {
          setDown(false);
        }
        awaitListed(otherReplica(), replica("one"));
      }
    }

    @Test
    void anUpdateDuringAnOutageIsListedAfterIt() throws Exception {
      try (Registration registration = registry.register(replica("one"))) {
        awaitListed(otherReplica(), replica("one"));
        setDown(true);
        registration.update(replica("one", "changed", "meanwhile"));
        setDown(false);
        awaitListed(otherReplica(), replica("one", "changed", "meanwhile"));
      }
    }

    private boolean answers() {
      try {
        registry.list();
        return true;
      } catch (SkepException e) {
        return false;
      }
    }

    /** Where one process has it all, a store that is down lists nobody. */
    private List<Replica> listedByTheOther() {
      try {
        return otherReplica().list();
      } catch (SkepException e) {
        return List.of();
      }
    }
  }
}
