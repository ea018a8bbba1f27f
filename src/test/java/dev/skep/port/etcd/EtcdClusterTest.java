package dev.skep.port.etcd;

import static dev.skep.testkit.Eventually.eventually;
import static dev.skep.testkit.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.config.ConfigStore;
import dev.skep.port.config.ConfigStore.Author;
import dev.skep.port.config.ConfigStore.Change;
import dev.skep.port.config.ConfigStore.Conflict;
import dev.skep.port.config.ConfigStore.Entry;
import dev.skep.port.config.ConfigStore.Watch;
import dev.skep.port.config.etcd.EtcdConfigStore;
import dev.skep.port.coordinator.Coordinator.FencingToken;
import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.port.coordinator.etcd.EtcdCoordinator;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry.Registration;
import dev.skep.port.registry.etcd.EtcdServiceRegistry;
import dev.skep.testkit.Race;
import dev.skep.testkit.server.EtcdAccess;
import dev.skep.testkit.server.EtcdServer;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three members, of which the leader is killed (SIGKILL) in the middle of everything. */
@Tag("server")
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EtcdClusterTest {

  private static final Author ANNA = new Author("anna", Instant.parse("2026-03-01T10:00:00Z"));
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int KILLS = 3;

  private static List<EtcdServer> members;

  private final String prefix = "test-" + UUID.randomUUID();

  @BeforeAll
  static void startCluster() throws Exception {
    members = EtcdServer.startCluster(3);
    for (String port : List.of("config", "coordinator", "registry")) {
      System.out.println(
          "[server] %s etcd etcd %s, three members".formatted(port, members.getFirst().version()));
    }
  }

  @AfterAll
  static void stopCluster() {
    members.forEach(EtcdServer::close);
  }

  /** Each writer counts its own key up; what it was told is compared with the history. */
  @Test
  void noAcknowledgedWriteIsLostWhenTheLeaderIsKilled() throws Exception {
    EtcdConfigStore store = config();
    EtcdConfigStore other = config();
    AtomicBoolean end = new AtomicBoolean();
    AtomicInteger acknowledged = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    AtomicInteger unknown = new AtomicInteger();
    AtomicLong longestGap = new AtomicLong();
    AtomicReference<Map<String, Entry>> seen = new AtomicReference<>(Map.of());
    try (Watch watch = other.watch("", seen::set)) {
      Thread killer = killing(end);
      Race.of(
          6,
          writer ->
              () -> {
                String key = "writer-" + writer;
                long told = 0;
                long last = System.nanoTime();
                while (!end.get()) {
                  try {
                    Entry now = store.get(key);
                    long found = now == null ? 0 : Long.parseLong(now.value());
                    // Its own unknown outcomes may have happened; nothing told may be missing.
                    assertThat(found).isGreaterThanOrEqualTo(told);
                    long expected = now == null ? ConfigStore.ABSENT : now.revision();
                    store.set(key, Long.toString(found + 1), expected, ANNA);
                    told = found + 1;
                    acknowledged.incrementAndGet();
                    long gap = System.nanoTime() - last;
                    last = System.nanoTime();
                    longestGap.accumulateAndGet(gap, Math::max);
                  } catch (SkepException e) {
                    (e.code() == ErrorCode.UNKNOWN_OUTCOME ? unknown : refused).incrementAndGet();
                  } catch (Conflict e) {
                    // a write of unknown outcome has happened meanwhile
                  }
                }
                Entry last1 = eventuallyGet(store, key);
                assertThat(Long.parseLong(last1.value())).isGreaterThanOrEqualTo(told);
                return null;
              });
      killer.join();
      for (int writer = 0; writer < 6; writer++) {
        replay(store.history("writer-" + writer, ConfigStore.HISTORY));
      }
      eventually("the watch has seen it all", SOON, () -> seen.get().equals(store.list("")));
    } finally {
      store.close();
      other.close();
    }
    System.out.printf(
        "config etcd, leader killed %d times: %d acknowledged, lost 0, %d refused, %d of unknown"
            + " outcome; longest gap of a writer %d ms%n",
        KILLS,
        acknowledged.get(),
        refused.get(),
        unknown.get(),
        Duration.ofNanos(longestGap.get()).toMillis());
    assertThat(acknowledged).hasValueGreaterThan(50);
  }

  private static Entry eventuallyGet(ConfigStore store, String key) {
    AtomicReference<Entry> found = new AtomicReference<>();
    eventually(
        key + " is there",
        SOON,
        () -> {
          try {
            found.set(store.get(key));
            return found.get() != null;
          } catch (SkepException e) {
            return false;
          }
        });
    return found.get();
  }

  /** Each change counts one up from the one before, in growing revisions. */
  private static void replay(List<Change> newestFirst) {
    for (int i = 0; i + 1 < newestFirst.size(); i++) {
      Change change = newestFirst.get(i);
      assertThat(change.before()).isEqualTo(newestFirst.get(i + 1).after());
      assertThat(Long.parseLong(change.after())).isEqualTo(Long.parseLong(change.before()) + 1);
      assertThat(change.revision()).isGreaterThan(newestFirst.get(i + 1).revision());
    }
  }

  /** Replicas take turns at one name, and one holds another throughout. */
  @Test
  void tokensRiseAndAtMostOneBelievesWhenTheLeaderIsKilled() throws Exception {
    EtcdCoordinator one = coordinator();
    EtcdCoordinator two = coordinator();
    AtomicBoolean end = new AtomicBoolean();
    Set<Lease> believers = ConcurrentHashMap.newKeySet();
    AtomicInteger lost = new AtomicInteger();
    Queue<String> breaches = new ConcurrentLinkedQueue<>();
    AtomicLong latest = new AtomicLong();
    AtomicInteger turns = new AtomicInteger();
    AtomicReference<String> identity = new AtomicReference<>();
    try {
      Lease kept = one.tryAcquire("kept", Duration.ofSeconds(15));
      assertThat(kept).isNotNull();
      kept.onLoss(lost::incrementAndGet);
      Thread killer = killing(end);
      Race.of(
          4,
          racer ->
              () -> {
                EtcdCoordinator mine = racer % 2 == 0 ? one : two;
                while (!end.get()) {
                  takeTurn(mine, believers, latest, identity, breaches, turns);
                }
                return null;
              });
      killer.join();
      assertThat(breaches).isEmpty();
      assertThat(turns).hasValueGreaterThan(20);
      assertThat(kept.held()).isTrue();
      assertThat(lost).hasValue(0);
      eventually("nobody else gets it", SOON, () -> isRefused(two));
    } finally {
      one.close();
      two.close();
    }
    System.out.printf(
        "coordinator etcd, leader killed %d times: %d turns, tokens rising, a lease of 15 s kept%n",
        KILLS, turns.get());
  }

  private static boolean isRefused(EtcdCoordinator by) {
    try {
      assertThat(by.tryAcquire("kept", Duration.ofSeconds(15))).isNull();
      return true;
    } catch (SkepException e) {
      return false;
    }
  }

  private static void takeTurn(
      EtcdCoordinator mine,
      Set<Lease> believers,
      AtomicLong latest,
      AtomicReference<String> identity,
      Queue<String> breaches,
      AtomicInteger turns) {
    Lease got;
    try {
      got = mine.tryAcquire("turns", Duration.ofSeconds(3));
    } catch (SkepException e) {
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
    turns.incrementAndGet();
    believers.remove(lease);
    lease.close();
  }

  @Test
  void aReplicaStaysListedWhenTheLeaderIsKilled() throws Exception {
    EtcdServiceRegistry registry = registry();
    EtcdServiceRegistry other = registry();
    Replica replica = new Replica("one", "", Set.of(), "1", Map.of(), Instant.EPOCH, Map.of());
    AtomicBoolean end = new AtomicBoolean();
    AtomicInteger absent = new AtomicInteger();
    AtomicInteger looks = new AtomicInteger();
    try (Registration registration = registry.register(replica)) {
      eventually("it is listed", SOON, () -> other.list().contains(replica));
      Thread killer = killing(end);
      while (!end.get()) {
        try {
          absent.addAndGet(other.list().contains(replica) ? 0 : 1);
          looks.incrementAndGet();
        } catch (SkepException e) {
          // no leader just now
        }
        pause(Duration.ofMillis(20));
      }
      killer.join();
      assertThat(looks).hasValueGreaterThan(20);
      assertThat(absent).hasValue(0);
    } finally {
      registry.close();
      other.close();
    }
  }

  @Test
  void aFrozenMemberDelaysAFewCallsOnly() throws Exception {
    EtcdConfigStore store = config();
    AtomicReference<Map<String, Entry>> seen = new AtomicReference<>(Map.of());
    try (Watch watch = store.watch("", seen::set)) {
      for (EtcdServer member : members) {
        member.process().freeze();
        try {
          long began = System.nanoTime();
          AtomicReference<Entry> written = new AtomicReference<>();
          String key = "member-" + members.indexOf(member);
          eventually(
              "a write goes through",
              SOON,
              () -> {
                try {
                  Entry now = store.get(key);
                  written.set(
                      now != null ? now : store.set(key, "value", ConfigStore.ABSENT, ANNA));
                  return true;
                } catch (SkepException e) {
                  return false;
                }
              });
          System.out.printf(
              "config etcd: a member frozen, a write went through after %d ms%n",
              Duration.ofNanos(System.nanoTime() - began).toMillis());
          eventually(
              "the watch sees it", Duration.ofSeconds(15), () -> seen.get().containsKey(key));
        } finally {
          member.process().thaw();
        }
        eventually("the cluster is whole", SOON, () -> isWhole());
      }
    } finally {
      store.close();
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
                  EtcdCoordinator mine = coordinator();
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
  private static Thread killing(AtomicBoolean end) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                for (int i = 0; i < KILLS; i++) {
                  pause(Duration.ofMillis(1_500));
                  EtcdServer leader = awaitLeader();
                  leader.process().kill();
                  pause(Duration.ofSeconds(3));
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

  private static EtcdServer awaitLeader() {
    AtomicReference<EtcdServer> leader = new AtomicReference<>();
    eventually(
        "there is a leader",
        SOON,
        () -> {
          for (EtcdServer member : members) {
            if (member.isLeader()) {
              leader.set(member);
              return true;
            }
          }
          return false;
        });
    return leader.get();
  }

  private static boolean isWhole() {
    try {
      return members.stream().filter(EtcdServer::isLeader).count() == 1;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private EtcdConfigStore config() {
    EtcdConfigStore made = EtcdAccess.cluster("config", prefix, members).get(EtcdConfigStore.class);
    made.open();
    return made;
  }

  private EtcdCoordinator coordinator() {
    EtcdCoordinator made =
        EtcdAccess.cluster("coordinator", prefix, members).get(EtcdCoordinator.class);
    made.open();
    return made;
  }

  private EtcdServiceRegistry registry() {
    EtcdServiceRegistry made =
        EtcdAccess.cluster("registry", prefix, members)
            .configure("skep.registry.etcd.lease", "5s")
            .get(EtcdServiceRegistry.class);
    made.open();
    return made;
  }
}
