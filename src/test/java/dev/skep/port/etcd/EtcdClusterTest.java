package dev.skep.port.etcd;

import static dev.skep.testkit.Eventually.eventually;
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
import dev.skep.port.coordinator.etcd.EtcdCoordinator;
import dev.skep.port.leased.LeaderKills;
import dev.skep.port.registry.etcd.EtcdServiceRegistry;
import dev.skep.testkit.Race;
import dev.skep.testkit.server.ClusterMember;
import dev.skep.testkit.server.EtcdAccess;
import dev.skep.testkit.server.EtcdServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three etcds. */
@Tag("server")
class EtcdClusterTest extends LeaderKills<EtcdCoordinator, EtcdServiceRegistry> {

  private static final Author ANNA = new Author("anna", Instant.parse("2026-03-01T10:00:00Z"));

  private static List<EtcdServer> members;

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

  @Override
  protected List<? extends ClusterMember> members() {
    return members;
  }

  @Override
  protected EtcdCoordinator newCoordinator() {
    return EtcdAccess.cluster("coordinator", prefix, members).get(EtcdCoordinator.class);
  }

  @Override
  protected EtcdServiceRegistry newRegistry() {
    return EtcdAccess.cluster("registry", prefix, members)
        .configure("skep.registry.etcd.lease", "5s")
        .get(EtcdServiceRegistry.class);
  }

  @Override
  protected String driver() {
    return "etcd";
  }

  @Override
  protected Duration lasting() {
    return Duration.ofSeconds(15);
  }

  @Override
  protected Duration turn() {
    return Duration.ofSeconds(3);
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
        eventually("the cluster is whole", SOON, EtcdClusterTest::isWhole);
      }
    } finally {
      store.close();
    }
  }

  private static boolean isWhole() {
    try {
      return members.stream().noneMatch(each -> each.version().isEmpty())
          && members.stream().filter(EtcdServer::isLeader).count() == 1;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private EtcdConfigStore config() {
    EtcdConfigStore made = EtcdAccess.cluster("config", prefix, members).get(EtcdConfigStore.class);
    made.open();
    return made;
  }
}
