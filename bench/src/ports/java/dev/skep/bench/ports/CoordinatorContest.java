package dev.skep.bench.ports;

import com.google.protobuf.ByteString;
import dev.skep.boot.CalledPorts;
import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.coordinator.etcd.EtcdCoordinator;
import dev.skep.port.coordinator.etcd.EtcdCoordinatorConfig;
import dev.skep.port.etcd.EtcdTxn;
import io.etcd.jetcd.Lease;
import io.etcd.jetcd.Lock;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.TxnResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A name that is free is taken and given back. */
final class CoordinatorContest implements Contest {

  private static final int SECONDS = 10;
  private static final String NAME = "bench";
  private static final ByteString IDENTITY = Etcd.key("identity");
  private static final ByteString KNOWN = ByteString.copyFromUtf8("one of this store");

  private final EtcdCoordinator driver;
  private final Coordinator coordinator;
  private final Etcd bare;

  private CoordinatorContest(Settings settings) {
    driver = new EtcdCoordinator(settings.as(EtcdCoordinatorConfig.class));
    driver.open();
    coordinator = CalledPorts.of("coordinator", Coordinator.class, driver);
    bare = new Etcd(settings);
    bare.kv().put(PutRequest.newBuilder().setKey(IDENTITY).setValue(KNOWN).build());
  }

  static Contest open(Settings settings) {
    return new CoordinatorContest(settings);
  }

  @Override
  public List<Comparison> comparisons() {
    return List.of(
        Comparison.alone(
            "take a name with a fencing token, give it back",
            caller -> takeAndGiveBack(),
            Peer.equal("the same steps: look, grant, take, revoke", caller -> bareSteps()),
            Peer.informing("jetcd's own lock: grant, lock, unlock, revoke", caller -> lock())));
  }

  private void takeAndGiveBack() throws IOException {
    Coordinator.Lease lease = coordinator.tryAcquire(NAME, Duration.ofSeconds(SECONDS));
    require(lease != null && lease.token().number() > 0);
    lease.close();
  }

  private void bareSteps() throws IOException {
    ByteString key = Etcd.key("leases/" + NAME);
    TxnResponse look = bare.kv().txn(new EtcdTxn().thenGetKey(key).thenGet(IDENTITY).build());
    require(look.getResponses(0).getResponseRange().getKvsCount() == 0);
    long lease = bare.grant(SECONDS);
    TxnResponse taken =
        bare.kv()
            .txn(
                new EtcdTxn()
                    .ifAbsent(key)
                    .ifEquals(IDENTITY, KNOWN)
                    .thenPut(key, KNOWN, lease)
                    .elseGet(IDENTITY)
                    .build());
    require(taken.getSucceeded() && taken.getHeader().getRevision() > 0);
    bare.revoke(lease);
  }

  private void lock() throws Exception {
    Lease leases = bare.client().getLeaseClient();
    Lock locks = bare.client().getLockClient();
    long lease = Wait.of(leases.grant(SECONDS)).getID();
    var held = Wait.of(locks.lock(Etcd.sequence(Etcd.key("lock/" + NAME)), lease)).getKey();
    Wait.of(locks.unlock(held));
    Wait.of(leases.revoke(lease));
  }

  private static void require(boolean right) throws IOException {
    if (!right) {
      throw new IOException("a name that nobody else wants was not to be had");
    }
  }

  @Override
  public void close() {
    driver.close();
    bare.close();
  }
}
