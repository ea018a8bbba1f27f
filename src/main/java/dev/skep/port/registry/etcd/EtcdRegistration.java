package dev.skep.port.registry.etcd;

import com.google.protobuf.ByteString;
import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.etcd.EtcdConnection;
import dev.skep.port.leased.KeptRegistration;
import dev.skep.port.leased.ReplicaJson;
import dev.skep.port.registry.Replica;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/** An entry under a lease, which is renewed. */
final class EtcdRegistration extends KeptRegistration {

  private static final Logger LOG = Logger.getLogger(EtcdRegistration.class);

  private final EtcdConnection etcd;
  private final Duration duration;
  private final ByteString key;

  /** Zero while there is none; used in turns only. */
  private long lease;

  EtcdRegistration(EtcdConnection etcd, Duration duration, Replica replica) {
    super(replica, duration.dividedBy(3), etcd.settings().timeOut().multipliedBy(2));
    this.etcd = etcd;
    this.duration = duration;
    this.key = etcd.settings().key(EtcdServiceRegistry.REPLICAS + replica.id());
  }

  @Override
  protected void keep() {
    if (lease == 0) {
      lease = etcd.grant(duration).id();
      markDirty();
    }
    if (takeDirty()) {
      write(latest());
    } else {
      renew();
    }
  }

  private void write(Replica replica) {
    try {
      etcd.put(
          PutRequest.newBuilder()
              .setKey(key)
              .setValue(ByteString.copyFrom(ReplicaJson.write(replica)))
              .setLease(lease)
              .build());
    } catch (SkepException e) {
      // It is written again, whatever the outcome was; and the lease may be what is gone.
      markDirty();
      if (e.code() != ErrorCode.NO_SPACE || !isRenewed()) {
        lease = 0;
      }
      throw e;
    }
  }

  /** A full etcd takes no new entry and no new lease, but keeps what it has. */
  private boolean isRenewed() {
    return !etcd.keepAlive(lease, patience()).isZero();
  }

  private void renew() {
    if (!isRenewed()) {
      lease = 0;
      keep();
    } else if (!isListed()) {
      markDirty();
      keep();
    }
  }

  /** So short that another member can be asked before the lease is over. */
  private Duration patience() {
    Duration third = duration.dividedBy(3);
    Duration timeOut = etcd.settings().timeOut();
    return third.compareTo(timeOut) < 0 ? third : timeOut;
  }

  /** Somebody may have deleted the entry, or written another under this id. */
  private boolean isListed() {
    List<KeyValue> found =
        etcd.range(RangeRequest.newBuilder().setKey(key).setKeysOnly(true).build()).getKvsList();
    return !found.isEmpty() && found.getFirst().getLease() == lease;
  }

  @Override
  protected void remove() {
    if (lease == 0) {
      return;
    }
    try {
      etcd.revoke(lease);
    } catch (SkepException e) {
      LOG.debugf("registry: the entry ends by itself: %s", e.detail());
    }
  }
}
