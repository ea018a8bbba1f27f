package dev.skep.port.registry.etcd;

import com.google.protobuf.ByteString;
import dev.skep.common.SkepException;
import dev.skep.port.etcd.EtcdConnection;
import dev.skep.port.etcd.EtcdTxn;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry.Registration;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one entry listed, on a virtual thread: writes it under a lease, renews that, and writes it
 * again whenever the lease or the entry is gone.
 */
final class EtcdRegistration implements Registration {

  private static final Logger LOG = Logger.getLogger(EtcdRegistration.class);

  private final EtcdConnection etcd;
  private final Duration duration;
  private final Consumer<EtcdRegistration> onEnd;
  private final ByteString key;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Replica wanted;
  private boolean dirty = true;
  private boolean closed;

  /** Zero while there is none; used by the thread only. */
  private long lease;

  EtcdRegistration(
      EtcdConnection etcd, Duration duration, Consumer<EtcdRegistration> onEnd, Replica replica) {
    this.etcd = etcd;
    this.duration = duration;
    this.onEnd = onEnd;
    this.key = etcd.settings().key(EtcdServiceRegistry.REPLICAS + replica.id());
    this.wanted = replica;
    this.thread =
        Thread.ofVirtual().name("registration " + replica.id()).unstarted(this::keepListed);
  }

  /** Called once. */
  void start() {
    thread.start();
  }

  @Override
  public void update(Replica replica) {
    lock.lock();
    try {
      if (!replica.id().equals(wanted.id())) {
        throw new IllegalArgumentException(
            "The replica is " + wanted.id() + ", not " + replica.id());
      }
      wanted = replica;
      dirty = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    stop();
    awaitEnd(etcd.settings().timeOut().multipliedBy(2));
  }

  /** Begins to remove the entry. */
  void stop() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until it is removed, at most this long. */
  void awaitEnd(Duration atMost) {
    try {
      thread.join(atMost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void keepListed() {
    boolean failing = false;
    while (!isClosed()) {
      try {
        writeOrRenew();
        if (failing) {
          LOG.info("registry: this replica is listed again");
        }
        failing = false;
        await(duration.dividedBy(3), true);
      } catch (SkepException e) {
        if (!failing && !isClosed()) {
          LOG.warnf("%s; this replica may not be listed meanwhile", e.detail());
        }
        failing = true;
        await(Duration.ofMillis(ThreadLocalRandom.current().nextInt(200, 600)), false);
      }
    }
    remove();
    onEnd.accept(this);
  }

  private void writeOrRenew() {
    if (lease == 0) {
      lease = etcd.grant(duration).id();
      markDirty();
    }
    Replica taken = takeIfDirty();
    if (taken == null) {
      renew();
    } else {
      write(taken);
    }
  }

  private void write(Replica replica) {
    try {
      etcd.write(new EtcdTxn().thenPut(key, ReplicaJson.write(replica), lease).build());
    } catch (SkepException e) {
      // It is written again, whatever the outcome was; and the lease may be what is gone.
      lease = 0;
      markDirty();
      throw e;
    }
  }

  private void renew() {
    if (etcd.keepAlive(lease, patience()).isZero()) {
      lease = 0;
      writeOrRenew();
    } else if (!isListed()) {
      markDirty();
      writeOrRenew();
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

  private void remove() {
    if (lease == 0) {
      return;
    }
    try {
      etcd.revoke(lease);
    } catch (SkepException e) {
      LOG.debugf("registry: the entry ends by itself: %s", e.detail());
    }
  }

  private void markDirty() {
    lock.lock();
    try {
      dirty = true;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Replica takeIfDirty() {
    lock.lock();
    try {
      Replica taken = dirty ? wanted : null;
      dirty = false;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until it is closed or the time is over.
   *
   * @param orDirty or an update is to be written
   */
  private void await(Duration atMost, boolean orDirty) {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (!closed && !(orDirty && dirty) && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; it would only look earlier.
    } finally {
      lock.unlock();
    }
  }
}
