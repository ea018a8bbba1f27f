package dev.skep.port.zookeeper;

import static dev.skep.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.port.coordinator.zookeeper.ZooKeeperCoordinator;
import dev.skep.port.leased.LeaderKills;
import dev.skep.port.registry.zookeeper.ZooKeeperServiceRegistry;
import dev.skep.testkit.server.ClusterMember;
import dev.skep.testkit.server.ZooKeeperServers;
import dev.skep.testkit.server.ZooKeeperServers.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three ZooKeepers. */
@Tag("server")
class ZooKeeperEnsembleTest extends LeaderKills<ZooKeeperCoordinator, ZooKeeperServiceRegistry> {

  private static ZooKeeperServers servers;

  @BeforeAll
  static void startServers() throws Exception {
    servers = ZooKeeperServers.ensemble(3);
    for (String port : List.of("coordinator", "registry")) {
      System.out.println(
          "[server] %s zookeeper ZooKeeper %s, three members".formatted(port, servers.version()));
    }
  }

  @AfterAll
  static void stopServers() throws Exception {
    servers.close();
  }

  @Override
  protected List<? extends ClusterMember> members() {
    return servers.members();
  }

  @Override
  protected ZooKeeperCoordinator newCoordinator() {
    return servers.direct("coordinator", prefix).get(ZooKeeperCoordinator.class);
  }

  @Override
  protected ZooKeeperServiceRegistry newRegistry() {
    return servers
        .direct("registry", prefix)
        .configure("skep.registry.zookeeper.lease", "10s")
        .get(ZooKeeperServiceRegistry.class);
  }

  @Override
  protected String driver() {
    return "zookeeper";
  }

  @Override
  protected Duration lasting() {
    return Duration.ofSeconds(30);
  }

  @Override
  protected Duration turn() {
    return Duration.ofSeconds(4);
  }

  /** It answers pings still, and knows nothing of what the leader decides. */
  @Test
  void aHolderAtAMemberWithoutTheOthersStopsBelievingInTime() throws Exception {
    Duration lasting = Duration.ofSeconds(5);
    Member alone =
        servers.members().stream().filter(each -> !each.isLeader()).findFirst().orElseThrow();
    ZooKeeperCoordinator holder =
        servers.at(alone, "coordinator", prefix).get(ZooKeeperCoordinator.class);
    holder.open();
    List<Member> frozen = new ArrayList<>();
    try {
      Lease lease = holder.tryAcquire("name", lasting);
      assertThat(lease).isNotNull();
      AtomicInteger told = new AtomicInteger();
      lease.onLoss(told::incrementAndGet);
      long began = System.nanoTime();
      for (Member each : servers.members()) {
        if (each != alone) {
          each.process().freeze();
          frozen.add(each);
        }
      }
      eventually("it stops", lasting, () -> !lease.held());
      System.out.printf(
          "coordinator zookeeper: at a member without the others, lease 5 s, stopped after %d ms%n",
          Duration.ofNanos(System.nanoTime() - began).toMillis());
      eventually("it is told", SOON, () -> told.get() == 1);
    } finally {
      for (Member each : frozen) {
        each.process().thaw();
      }
      awaitLeader();
      holder.close();
    }
  }
}
