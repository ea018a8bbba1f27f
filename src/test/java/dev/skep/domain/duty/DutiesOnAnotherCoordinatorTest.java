package dev.skep.domain.duty;

import static dev.skep.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.common.SkepException;
import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.port.coordinator.embedded.EmbeddedCoordinator;
import dev.skep.port.coordinator.etcd.EtcdCoordinator;
import dev.skep.port.coordinator.zookeeper.ZooKeeperCoordinator;
import dev.skep.port.pubsub.embedded.EmbeddedPubSub;
import dev.skep.port.sql.embedded.EmbeddedSqlStore;
import dev.skep.testkit.server.EtcdAccess;
import dev.skep.testkit.server.ServerProcess;
import dev.skep.testkit.server.ZooKeeperServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same database under one coordinator after another, each counting for itself: duties resume,
 * and nobody who held under the one before writes any more, whatever it lets him believe (P11).
 */
@Tag("server")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("P11")
class DutiesOnAnotherCoordinatorTest {

  private static final int SHARDS = 3;
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final EmbeddedPubSub hints = new EmbeddedPubSub(() -> 1000);
  private final List<AutoCloseable> toClose = new ArrayList<>();
  private EmbeddedSqlStore sql;

  @BeforeEach
  void open() {
    sql = new EmbeddedSqlStore(() -> folder);
    sql.open();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : toClose.reversed()) {
      each.close();
    }
    sql.close();
  }

  @Test
  void fromThisProcessToZooKeeperAndBack() throws Exception {
    EmbeddedCoordinator embedded = new EmbeddedCoordinator();
    embedded.open();
    toClose.add(embedded::close);
    DutyContext first = resumed(embedded);

    DutyContext second = resumed(zooKeeper(servers()));
    assertRefusedThoughHeld(first);

    Lease back = embedded.tryAcquire("again", LEASE);
    Fence next = new Fences(sql).claim("test/0", back);
    assertRefusedThoughHeld(second);
    sql.write(
        tx -> {
          next.check(tx);
          return true;
        });
  }

  @Test
  void fromEtcdToZooKeeper() throws Exception {
    ServerProcess.require("etcd", "etcd-server", "SKEP_TEST_ETCD_URL");
    EtcdAccess access = EtcdAccess.own("coordinator");
    toClose.add(access);
    EtcdCoordinator etcd = access.direct("coordinator", "skep").get(EtcdCoordinator.class);
    etcd.open();
    toClose.add(etcd::close);
    DutyContext first = resumed(etcd);

    resumed(zooKeeper(servers()));

    assertRefusedThoughHeld(first);
  }

  @Test
  void fromAZooKeeperToTheSameMadeAnew() throws Exception {
    ZooKeeperServers servers = servers();
    Recorded duty = new Recorded();
    Duties duties = start(zooKeeper(servers), duty);
    assertThat(duties.runNow("test", SOON)).isEqualTo(SHARDS);
    DutyContext before = duty.contexts.get(0);

    servers.wipe();

    eventually("the old leases are lost", SOON, () -> !before.held());
    eventually("all run again", SOON, () -> allRun(duties));
    assertThatExceptionOfType(StaleHolderException.class)
        .isThrownBy(() -> before.protectedWrite(tx -> true));
    assertThat(duty.contexts.get(0).held()).isTrue();
  }

  private static boolean allRun(Duties duties) {
    try {
      return duties.runNow("test", Duration.ofSeconds(5)) == SHARDS;
    } catch (SkepException | CompletionException e) {
      return false;
    }
  }

  /** Starts the duty under the coordinator, and returns what one of its shards holds. */
  private DutyContext resumed(Coordinator coordinator) {
    Recorded duty = new Recorded();
    assertThat(start(coordinator, duty).runNow("test", SOON)).isEqualTo(SHARDS);
    DutyContext context = duty.contexts.get(0);
    assertThat((boolean) context.protectedWrite(tx -> true)).isTrue();
    return context;
  }

  private static void assertRefusedThoughHeld(DutyContext old) {
    assertThat(old.held()).as("its own coordinator lets it go on").isTrue();
    assertThatExceptionOfType(StaleHolderException.class)
        .isThrownBy(() -> old.protectedWrite(tx -> true));
  }

  private Duties start(Coordinator coordinator, Duty duty) {
    Duties duties =
        new Duties(List.of(duty), coordinator, sql, hints, new Fences(sql), () -> LEASE);
    duties.start();
    toClose.add(duties::stop);
    return duties;
  }

  private ZooKeeperServers servers() throws Exception {
    ZooKeeperServers servers = ZooKeeperServers.own("coordinator");
    toClose.add(servers);
    return servers;
  }

  private ZooKeeperCoordinator zooKeeper(ZooKeeperServers servers) {
    ZooKeeperCoordinator coordinator =
        servers.direct("coordinator", "skep").get(ZooKeeperCoordinator.class);
    coordinator.open();
    toClose.add(coordinator::close);
    return coordinator;
  }

  private static final class Recorded implements Duty {

    private final Map<Integer, DutyContext> contexts = new ConcurrentHashMap<>();

    @Override
    public String name() {
      return "test";
    }

    @Override
    public int shards() {
      return SHARDS;
    }

    @Override
    public Duration interval() {
      return Duration.ofHours(1);
    }

    @Override
    public void run(DutyContext context) {
      contexts.put(context.shard(), context);
      context.protectedWrite(tx -> true);
    }
  }
}
