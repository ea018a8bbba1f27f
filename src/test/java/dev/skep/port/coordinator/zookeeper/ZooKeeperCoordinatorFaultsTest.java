package dev.skep.port.coordinator.zookeeper;

import static dev.skep.testkit.Eventually.eventually;
import static dev.skep.testkit.Eventually.pause;
import static dev.skep.testkit.Failing.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.port.leased.LeasedCoordinatorFaults;
import dev.skep.testkit.server.ServerAccess;
import dev.skep.testkit.server.ZooKeeperServers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Faults of holders and of a ZooKeeper. */
@Tag("server")
class ZooKeeperCoordinatorFaultsTest extends LeasedCoordinatorFaults<ZooKeeperCoordinator> {

  private static ZooKeeperServers access;

  @BeforeAll
  static void startServer() throws Exception {
    access = ZooKeeperServers.own("coordinator");
  }

  @AfterAll
  static void stopServer() throws Exception {
    access.close();
  }

  @Override
  protected ServerAccess access() {
    return access;
  }

  @Override
  protected Class<ZooKeeperCoordinator> driver() {
    return ZooKeeperCoordinator.class;
  }

  @Override
  protected String threads() {
    return "zookeeper .*|.*-(Send|Event)Thread.*";
  }

  @Override
  protected Duration outlivingCuts() {
    return Duration.ofSeconds(6);
  }

  @Override
  protected Duration outlivingRestarts() {
    return Duration.ofSeconds(8);
  }

  /** Its session lives on, and would keep the name for as long. */
  @Test
  void aNameWhoseHolderNeverHeardThatHeGotItIsGivenBack() {
    Duration lasting = Duration.ofMinutes(4);
    acquire(coordinator, "first", lasting).close();
    access.line().loseAnswers();
    assertUnavailable(() -> coordinator.tryAcquire("name", lasting));
    access.line().mend();
    awaitAcquire("name", SOON);
  }

  @Test
  void aNameWhoseHolderHearsLateThatHeGotItIsHis() {
    ZooKeeperCoordinator patient =
        access
            .byTheLine("coordinator", prefix)
            .configure("skep.coordinator.zookeeper.time-out", "10s")
            .get(ZooKeeperCoordinator.class);
    patient.open();
    Duration lasting = LEASE.multipliedBy(3);
    acquire(patient, "first", lasting).close();
    access.line().loseAnswers();
    Thread mending =
        Thread.ofVirtual()
            .start(
                () -> {
                  pause(Duration.ofMillis(300));
                  access.line().mend();
                });
    Lease lease = acquire(patient, "name", lasting);
    join(mending);
    assertThat(lease.held()).isTrue();
    assertThat(other.tryAcquire("name", LEASE)).isNull();
    patient.close();
  }

  @Test
  void aNodeThatWasRemovedByHandEndsNoBeliefButItsTokenIsOlder() throws Exception {
    Lease before = acquire(coordinator, "name");
    access.asStranger(
        client -> {
          client.delete("/" + prefix + "/coordinator/lease-name", -1);
          return true;
        });
    Lease after = awaitAcquire("name", SOON);
    assertThat(after.token().identity()).isEqualTo(before.token().identity());
    assertThat(after.token().number()).isGreaterThan(before.token().number());
  }

  /** As an operator does who has restored a backup. */
  @Test
  void anIdentityThatWasRemovedByHandEndsAllLeasesAndAnotherBegins() throws Exception {
    Lease before = acquire(coordinator, "name");
    AtomicInteger told = new AtomicInteger();
    before.onLoss(told::incrementAndGet);
    access.asStranger(
        client -> {
          String identity = "/" + prefix + "/coordinator/identity";
          client.delete(identity + "/" + before.token().identity(), -1);
          client.delete(identity, -1);
          return true;
        });
    eventually("it is lost", SOON, () -> !before.held() && told.get() == 1);
    Lease after = awaitAcquire("name", SOON);
    assertThat(after.token().identity()).isNotEqualTo(before.token().identity());
  }
}
