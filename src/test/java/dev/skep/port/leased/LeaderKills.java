package dev.skep.port.leased;

import static dev.skep.testkit.Eventually.eventually;
import static dev.skep.testkit.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.SkepException;
import dev.skep.port.Driver;
import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.coordinator.Coordinator.FencingToken;
import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry;
import dev.skep.port.registry.ServiceRegistry.Registration;
import dev.skep.testkit.Race;
import dev.skep.testkit.server.ClusterMember;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three members, of which the leader is killed (SIGKILL) in the middle of everything. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("P11")
@Tag("P12")
public abstract class LeaderKills<
    C extends Coordinator & Driver, R extends ServiceRegistry & Driver> {

  protected static final Duration SOON = Duration.ofSeconds(30);
  protected static final int KILLS = 3;

  protected final String prefix = "test-" + UUID.randomUUID();

  protected abstract List<? extends ClusterMember> members();

  /** Not opened yet; comes in at any member. */
  protected abstract C newCoordinator();

  /** As {@link #newCoordinator}. */
  protected abstract R newRegistry();

  /** The word of the drivers. */
  protected abstract String driver();

  /** Of a lease that outlives elections. */
  protected abstract Duration lasting();

  /** Of the lease on a name that goes from hand to hand. */
  protected abstract Duration turn();

  /**
   * Four take turns at one name, one holds another throughout, one takes leases that nobody gives
   * back, and a replica is registered: what was acknowledged is there afterwards.
   */
  @Test
  void tokensRiseAtMostOneBelievesNoLeaseIsLostAndAReplicaStaysListedWhenTheLeaderIsKilled()
      throws Exception {
    C one = coordinator();
    C two = coordinator();
    Turns turns = new Turns();
    AtomicBoolean end = new AtomicBoolean();
    AtomicInteger lost = new AtomicInteger();
    Duration lasting = lasting();
    Queue<Lease> left = new ConcurrentLinkedQueue<>();
    R registry = registry();
    R other = registry();
    Replica replica = new Replica("one", "", Set.of(), "1", Map.of(), Instant.EPOCH, Map.of());
    AtomicInteger absent = new AtomicInteger();
    AtomicInteger looks = new AtomicInteger();
    Duration longestGap;
    try (Registration registration = registry.register(replica)) {
      eventually("it is listed", SOON, () -> other.list().contains(replica));
      Lease kept = one.tryAcquire("kept", lasting);
      assertThat(kept).isNotNull();
      kept.onLoss(lost::incrementAndGet);
      Thread killer = killing(end);
      Race.of(
          6,
          racer ->
              () -> {
                C mine = racer % 2 == 0 ? one : two;
                while (!end.get()) {
                  if (racer < 4) {
                    turns.take(mine, turn());
                  } else if (racer == 5) {
                    look(other, replica, looks, absent);
                    pause(Duration.ofMillis(20));
                  } else {
                    leave(mine, "left-" + left.size(), lasting, left);
                    pause(Duration.ofMillis(50));
                  }
                }
                return null;
              });
      killer.join();
      longestGap = turns.longestGap();
      assertThat(looks).hasValueGreaterThan(20);
      assertThat(absent).hasValue(0);
      assertThat(turns.breaches).isEmpty();
      assertThat(turns.taken).hasValueGreaterThan(20);
      assertThat(kept.held()).isTrue();
      assertThat(lost).hasValue(0);
      assertThat(left).hasSizeGreaterThan(5).allMatch(Lease::held);
      eventually("nobody else gets it", SOON, () -> isRefused(two, "kept", lasting));
      for (Lease each : left) {
        assertThat(isRefused(two, each.name(), lasting)).as(each.name()).isTrue();
      }
    } finally {
      one.close();
      two.close();
      registry.close();
      other.close();
    }
    System.out.printf(
        "coordinator %s, leader killed %d times: %d turns, tokens rising, %d leases of %d s"
            + " acknowledged, lost 0; %d calls refused, longest gap %d ms%n",
        driver(),
        KILLS,
        turns.taken.get(),
        left.size() + 1,
        lasting.toSeconds(),
        turns.refused.get(),
        longestGap.toMillis());
  }

  private static void look(
      ServiceRegistry registry, Replica replica, AtomicInteger looks, AtomicInteger absent) {
    try {
      absent.addAndGet(registry.list().contains(replica) ? 0 : 1);
      looks.incrementAndGet();
    } catch (SkepException e) {
      // no leader just now
    }
  }

  private static void leave(Coordinator mine, String name, Duration lasting, Queue<Lease> left) {
    try {
      Lease lease = mine.tryAcquire(name, lasting);
      if (lease != null) {
        left.add(lease);
      }
    } catch (SkepException e) {
      // no leader just now
    }
  }

  private static boolean isRefused(Coordinator by, String name, Duration lasting) {
    try {
      assertThat(by.tryAcquire(name, lasting)).isNull();
      return true;
    } catch (SkepException e) {
      return false;
    }
  }

  /** What is seen of one name that goes from hand to hand. */
  private static final class Turns {
    final AtomicInteger taken = new AtomicInteger();
    final AtomicInteger refused = new AtomicInteger();
    final Queue<String> breaches = new ConcurrentLinkedQueue<>();
    private final Set<Lease> believers = ConcurrentHashMap.newKeySet();
    private final AtomicLong latest = new AtomicLong();
    private final AtomicLong longestGap = new AtomicLong();
    private final AtomicLong last = new AtomicLong(System.nanoTime());
    private final AtomicReference<String> identity = new AtomicReference<>();

    void take(Coordinator mine, Duration atMost) {
      Lease got;
      try {
        got = mine.tryAcquire("turns", atMost);
      } catch (SkepException e) {
        refused.incrementAndGet();
        return;
      }
      if (got == null) {
        pause(Duration.ofMillis(5));
        return;
      }
      Lease lease = got;
      believers.add(lease);
      // Whose lease ended while he waited for a server no longer believes.
      if (lease.held()
          && believers.stream().anyMatch(other -> other != lease && other.held())
          && lease.held()) {
        breaches.add("two believed at once");
      }
      FencingToken token = lease.token();
      if (latest.getAndSet(token.number()) >= token.number()) {
        breaches.add("the token " + token + " is not greater");
      }
      String before = identity.getAndSet(token.identity());
      if (before != null && !before.equals(token.identity())) {
        breaches.add("the identity changed from " + before + " to " + token.identity());
      }
      pause(Duration.ofMillis(10));
      taken.incrementAndGet();
      endOfGap();
      believers.remove(lease);
      lease.close();
    }

    /** Between two turns, or after the last. */
    Duration longestGap() {
      endOfGap();
      return Duration.ofNanos(longestGap.get());
    }

    private void endOfGap() {
      long now = System.nanoTime();
      longestGap.accumulateAndGet(now - last.getAndSet(now), Math::max);
    }
  }

  /** Ten replicas at once on an empty prefix count under one identity. */
  @Test
  void manyReplicasThatStartAtOnceAgreeOnOneIdentity() throws Exception {
    List<String> identities =
        Race.of(
            10,
            i ->
                () -> {
                  C mine = coordinator();
                  try (Lease lease = mine.tryAcquire("own-" + i, Duration.ofSeconds(10))) {
                    assertThat(lease).isNotNull();
                    return lease.token().identity();
                  } finally {
                    mine.close();
                  }
                });
    assertThat(Set.copyOf(identities)).hasSize(1);
  }

  /** Kills the leader, lets the others go on, restarts it; then ends everybody. */
  protected final Thread killing(AtomicBoolean end) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                for (int i = 0; i < KILLS; i++) {
                  pause(Duration.ofMillis(1_500));
                  ClusterMember leader = awaitLeader();
                  leader.process().kill();
                  pause(Duration.ofSeconds(3));
                  awaitLeader();
                  leader.process().restart();
                }
                pause(Duration.ofMillis(1_500));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              } finally {
                end.set(true);
              }
            });
  }

  protected final ClusterMember awaitLeader() {
    AtomicReference<ClusterMember> leader = new AtomicReference<>();
    eventually(
        "there is a leader",
        SOON,
        () -> {
          members().stream().filter(ClusterMember::isLeader).findFirst().ifPresent(leader::set);
          return leader.get() != null;
        });
    return leader.get();
  }

  private C coordinator() {
    C made = newCoordinator();
    made.open();
    return made;
  }

  private R registry() {
    R made = newRegistry();
    made.open();
    return made;
  }
}
