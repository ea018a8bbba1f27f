package dev.skep.port.zookeeper;

import dev.skep.common.SkepException;
import dev.skep.port.leased.Follower;
import java.time.Duration;
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
public final class ZooKeeperFollower<S> extends Follower<S> {

  private static final Logger LOG = Logger.getLogger(ZooKeeperFollower.class);

  /** How long nothing may come before it looks anyway; a look notices a black hole too. */
  private static final Duration REST = Duration.ofSeconds(5);

  private final ZooKeeperConnection connection;
  private final String path;
  private final ZooKeeperSession.Call<S> look;
  private final Watcher ears = this::happened;

  /** Used by the thread only. */
  private @Nullable ZooKeeperSession watched;

  ZooKeeperFollower(
      ZooKeeperConnection connection,
      String path,
      ZooKeeperSession.Call<S> look,
      Consumer<S> watcher) {
    super("ZooKeeper", connection.settings().port(), path, watcher);
    this.connection = connection;
    this.path = path;
    this.look = look;
  }

  @Override
  protected void follow() {
    try {
      lookAndTell();
    } catch (KeeperException e) {
      throw Failures.translate(connection.settings().port(), e);
    }
    thread().rest(REST);
  }

  private void lookAndTell() throws KeeperException {
    ZooKeeperSession session = connection.session();
    if (session != watched) {
      session.retried(
          client -> {
            client.addWatch(path, ears, AddWatchMode.PERSISTENT_RECURSIVE);
            client.sync(path); // the server of a new session may lag behind what was told before
            return true;
          });
      watched = session;
    }
    thread().takeWake();
    S state = session.retried(look);
    answered();
    tell(state);
  }

  /** Runs on the client's own thread, so it only takes note. */
  private void happened(WatchedEvent event) {
    thread().wake();
  }

  /** The servers may keep the watch until the session ends; nobody hears it here. */
  @Override
  protected void forget() {
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
}
