package dev.skep.port.coordinator.etcd;

import static dev.skep.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.port.leased.LeasedCoordinatorFaults;
import dev.skep.testkit.server.EtcdAccess;
import dev.skep.testkit.server.ServerAccess;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Faults of holders and of an etcd. */
@Tag("server")
class EtcdCoordinatorFaultsTest extends LeasedCoordinatorFaults<EtcdCoordinator> {

  private static EtcdAccess access;

  @BeforeAll
  static void startServer() throws Exception {
    access = EtcdAccess.own("coordinator");
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (access != null) {
      access.close();
    }
  }

  @Override
  protected ServerAccess access() {
    return access;
  }

  @Override
  protected Class<EtcdCoordinator> driver() {
    return EtcdCoordinator.class;
  }

  @Override
  protected String threads() {
    return "etcd coordinator .*";
  }

  @Override
  protected Duration outlivingCuts() {
    return Duration.ofSeconds(3);
  }

  @Override
  protected Duration outlivingRestarts() {
    return Duration.ofSeconds(6);
  }

  /** That is why the cluster's id alone is no identity. */
  @Test
  void aWipedServerCountsFromTheBeginningUnderItsOldClusterId() throws Exception {
    Lease before = acquire(coordinator, "name", Duration.ofSeconds(5));
    long cluster = access.server().clusterId();
    access.wipe();
    assertThat(access.server().clusterId()).isEqualTo(cluster);
    eventually("the old one is lost", SOON, () -> !before.held());
    Lease after = awaitAcquire("name", SOON);
    assertThat(after.token().number()).isLessThanOrEqualTo(before.token().number());
  }

  /** The holder believes a second less than etcd; nothing that it waits for may hide the end. */
  @Test
  void inABlackHoleALossIsToldAsSoonAsTheHolderStopsBelieving() {
    Duration lasting = Duration.ofSeconds(10);
    long began = System.nanoTime();
    Lease lease = acquire(coordinator, "name", lasting);
    AtomicReference<Duration> told = new AtomicReference<>();
    lease.onLoss(() -> told.set(Duration.ofNanos(System.nanoTime() - began)));
    access().line().silence();
    eventually("it is told", SOON, () -> told.get() != null);
    assertThat(told.get()).isLessThan(lasting);
  }
}
