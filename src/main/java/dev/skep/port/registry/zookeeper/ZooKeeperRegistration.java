package dev.skep.port.registry.zookeeper;

import dev.skep.common.SkepException;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry.Registration;
import dev.skep.port.zookeeper.Failures;
import dev.skep.port.zookeeper.ZooKeeperConnection;
import dev.skep.port.zookeeper.ZooKeeperSession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one entry listed, on a virtual thread: makes it under the session in force, looks after it,
 * and makes it again whenever the session or the entry is gone.
 */
final class ZooKeeperRegistration implements Registration {

  private static final Logger LOG = Logger.getLogger(ZooKeeperRegistration.class);

  private final ZooKeeperConnection connection;
  private final Duration lease;
  private final Consumer<ZooKeeperRegistration> onEnd;
  private final String path;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Replica wanted;
  private boolean dirty = true;
  private boolean closed;

  /** The change that wrote what is wanted; used by the thread only. */
  private long written;

  /** Under which the entry may be; used by the thread only. */
  private @Nullable ZooKeeperSession under;

  ZooKeeperRegistration(
      ZooKeeperConnection connection,
      Duration lease,
      Consumer<ZooKeeperRegistration> onEnd,
      Replica replica) {
    this.connection = connection;
    this.lease = lease;
    this.onEnd = onEnd;
    this.path = Entries.path(connection, replica.id());
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
    awaitEnd(connection.settings().timeOut().multipliedBy(2));
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
        write();
        if (failing) {
          LOG.info("registry: this replica is listed again");
        }
        failing = false;
        await(lease.dividedBy(3), true);
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

  private void write() {
    ZooKeeperSession session = connection.session();
    under = session;
    boolean anew = takeDirty();
    byte[] entry = ReplicaJson.write(latest());
    try {
      written = session.retried(client -> put(client, session.id(), entry, anew));
    } catch (KeeperException e) {
      markDirty();
      if (e instanceof KeeperException.NoNodeException) {
        connection.ensure(connection.settings().root());
      }
      throw Failures.translate("registry", e);
    } catch (SkepException e) {
      markDirty(); // whatever the outcome was
      throw e;
    }
  }

  /** Returns the number of the change that wrote what is there now. */
  private long put(ZooKeeper client, long session, byte[] entry, boolean anew)
      throws KeeperException, InterruptedException {
    Stat there = client.exists(path, false);
    if (there == null) {
      Stat made = new Stat();
      client.create(path, entry, connection.settings().acl(), CreateMode.EPHEMERAL, made);
      return made.getMzxid();
    }
    if (there.getEphemeralOwner() != session) {
      // Of this replica's last session, or of another one with its id.
      client.multi(
          List.of(
              Op.delete(path, there.getVersion()),
              Op.create(path, entry, connection.settings().acl(), CreateMode.EPHEMERAL)));
      return 0; // not known, so it is written once more
    }
    if (there.getMzxid() == written && !anew) {
      return written;
    }
    return client.setData(path, entry, -1).getMzxid();
  }

  private void remove() {
    ZooKeeperSession session = under;
    if (session == null || session.isOver()) {
      return; // it ends with its session
    }
    try {
      session.retried(
          client -> {
            Stat there = client.exists(path, false);
            if (there != null && there.getEphemeralOwner() == session.id()) {
              client.delete(path, -1);
            }
            return true;
          });
    } catch (KeeperException.NoNodeException e) {
      // Somebody was faster, or the answer to the first try was lost.
    } catch (KeeperException | SkepException e) {
      LOG.debugf("registry: the entry ends with its session: %s", e.getMessage());
    }
  }

  private Replica latest() {
    lock.lock();
    try {
      return wanted;
    } finally {
      lock.unlock();
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

  private boolean takeDirty() {
    lock.lock();
    try {
      boolean taken = dirty;
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
