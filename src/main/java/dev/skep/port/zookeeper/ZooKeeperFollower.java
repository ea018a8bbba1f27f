package dev.skep.port.zookeeper;

import dev.skep.common.SkepException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Follows a part of the tree on one virtual thread. An event of ZooKeeper only says that it is time
 * to look again; so does every change of the connection, since what happens during an outage causes
 * no event, and {@link #REST} without any. So it sees deletions of the meantime too, and never an
 * older state after a newer one.
 */
public final class ZooKeeperFollower<S> implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ZooKeeperFollower.class);

  /** How long nothing may come before it looks anyway; a look notices a black hole too. */
  private static final Duration REST = Duration.ofSeconds(5);

  private final ZooKeeperConnection connection;
  private final String path;
  private final ZooKeeperSession.Call<S> look;
  private final Consumer<S> watcher;
  private final Thread thread;
  private final Watcher ears = this::happened;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean dirty;
  private boolean closed;

  /** Used by the thread only. */
  private @Nullable ZooKeeperSession watched;

  private boolean failing;

  ZooKeeperFollower(
      ZooKeeperConnection connection,
      String path,
      ZooKeeperSession.Call<S> look,
      Consumer<S> watcher) {
    this.connection = connection;
    this.path = path;
    this.look = look;
    this.watcher = watcher;
    this.thread =
        Thread.ofVirtual()
            .name("zookeeper " + connection.settings().port() + " " + path)
            .unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Waits for a call that runs now, unless it comes from there; none comes afterwards. */
  @Override
  public void close() {
    stop();
    if (Thread.currentThread() != thread) {
      joinUninterruptibly();
    }
  }

  /** Ends it without waiting. */
  public void stop() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (!isClosed()) {
      try {
        lookAndTell();
        awaitChange();
      } catch (KeeperException e) {
        failed(Failures.translate(connection.settings().port(), e));
      } catch (SkepException e) {
        failed(e);
      }
    }
    forget();
  }

  private void lookAndTell() throws KeeperException {
    ZooKeeperSession session = connection.session();
    if (session != watched) {
      session.retried(
          client -> {
            client.addWatch(path, ears, AddWatchMode.PERSISTENT_RECURSIVE);
            return true;
          });
      watched = session;
    }
    clean();
    S state = session.retried(look);
    if (failing) {
      failing = false;
      LOG.infof("%s: ZooKeeper answers again", connection.settings().port());
    }
    tell(state);
  }

  private void tell(S state) {
    if (isClosed()) {
      return;
    }
    try {
      watcher.accept(state);
    } catch (Throwable e) {
      LOG.errorf(
          e,
          "%s: a watcher of '%s' failed; it will see the next change",
          connection.settings().port(),
          path);
    }
  }

  /** Runs on the client's own thread, so it only takes note. */
  private void happened(WatchedEvent event) {
    lock.lock();
    try {
      dirty = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The servers may keep the watch until the session ends; nobody hears it here. */
  private void forget() {
    ZooKeeperSession last = watched;
    if (last == null || last.isOver()) {
      return;
    }
    try {
      last.once(
          client -> {
            client.removeWatches(path, ears, Watcher.WatcherType.Any, true);
            return true;
          });
    } catch (KeeperException | SkepException e) {
      LOG.debugf("%s: a watch stays until the session ends", connection.settings().port());
    }
  }

  private void failed(SkepException e) {
    if (isClosed()) {
      return;
    }
    if (!failing) {
      failing = true;
      LOG.warnf("%s; what was last seen holds meanwhile", e.detail());
    }
    await(Duration.ofMillis(ThreadLocalRandom.current().nextInt(200, 600)), false);
  }

  private void awaitChange() {
    await(REST, true);
  }

  private void await(Duration atMost, boolean orDirty) {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (!closed && !(orDirty && dirty) && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // The watcher interrupted its own thread; that is no reason to stop watching.
    } finally {
      lock.unlock();
    }
  }

  private void clean() {
    lock.lock();
    try {
      dirty = false;
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

  private void joinUninterruptibly() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
