package dev.skep.port.zookeeper;

import dev.skep.common.SkepException;
import dev.skep.port.OldestVersion;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * A port's connection to ZooKeeper: a session, and after its end, for instance when an outage
 * lasted longer, another one. Thread-safe.
 *
 * <p>Failures are {@link SkepException}s, {@code unavailable} where ZooKeeper does not answer.
 */
public final class ZooKeeperConnection implements AutoCloseable {

  /** The oldest that knows watches which stay. */
  private static final OldestVersion OLDEST = new OldestVersion(3, 6);

  /** How often a call is made whose session is over. */
  private static final int SESSIONS = 2;

  private static final Duration CLOSING = Duration.ofSeconds(2);
  private static final byte[] NOTHING = {};

  private final ZooKeeperSettings settings;
  private final Duration lasting;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable ZooKeeperSession session;
  private volatile String version = "ZooKeeper";
  private volatile boolean closed;

  private ZooKeeperConnection(ZooKeeperSettings settings, Duration lasting) {
    this.settings = settings;
    this.lasting = lasting;
  }

  /**
   * Connects, logs in, and makes the port's node.
   *
   * @param lasting of its sessions
   * @throws dev.skep.port.CannotOpen when ZooKeeper refuses, or is too old
   * @throws SkepException {@code unavailable} when no server answers
   */
  public static ZooKeeperConnection open(ZooKeeperSettings settings, Duration lasting) {
    ZooKeeperConnection connection = new ZooKeeperConnection(settings, lasting);
    try {
      connection.askVersion();
      connection.takeRoot();
      return connection;
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Product and version of the server that answered first: {@code ZooKeeper 3.9.3}. */
  public String version() {
    return version;
  }

  public ZooKeeperSettings settings() {
    return settings;
  }

  /** The session in force; another one once the last is over. */
  public ZooKeeperSession session() {
    ZooKeeperSession known = session;
    if (known != null && !known.isOver()) {
      return known;
    }
    if (!tryLock()) {
      throw Failures.unavailable(settings.port(), "ZooKeeper does not answer in time", null);
    }
    try {
      ZooKeeperSession again = session;
      if (again != null && !again.isOver()) {
        return again;
      }
      requireOpen();
      if (again != null) {
        again.close(Duration.ofMillis(100)); // its threads
      }
      ZooKeeperSession made =
          ZooKeeperSession.open(settings, lasting, settings.timeOut().dividedBy(2), () -> {});
      session = made;
      if (closed) {
        made.close(CLOSING);
        requireOpen();
      }
      return made;
    } finally {
      opening.unlock();
    }
  }

  /**
   * Asks under the session in force, and once more when that turned out to be over.
   *
   * @throws KeeperException an answer
   */
  public <R extends @Nullable Object> R call(ZooKeeperSession.Call<R> call) throws KeeperException {
    for (int attempt = 1; ; attempt++) {
      ZooKeeperSession now = session();
      try {
        return now.retried(call);
      } catch (SkepException e) {
        if (!now.isOver() || attempt == SESSIONS) {
          throw e;
        }
      }
    }
  }

  /** One read. */
  public void check() {
    try {
      call(client -> client.exists(settings.root(), false));
    } catch (KeeperException e) {
      throw Failures.translate(settings.port(), e);
    }
  }

  /** Makes a lasting node and those above it, where they are missing. */
  public void ensure(String path) {
    try {
      make(path);
    } catch (KeeperException e) {
      throw Failures.translate(settings.port(), e);
    }
  }

  /**
   * Looks at a part of the tree now, after each change, after each outage, and from time to time.
   *
   * @param path the part
   * @param look reads it
   * @param watcher gets what was read; never called by two threads at once; what it throws is
   *     logged
   */
  public <S> ZooKeeperFollower<S> follow(
      String path, ZooKeeperSession.Call<S> look, Consumer<S> watcher) {
    ZooKeeperFollower<S> follower = new ZooKeeperFollower<>(this, path, look, watcher);
    follower.start();
    return follower;
  }

  @Override
  public void close() {
    closed = true;
    ZooKeeperSession last = session;
    if (last != null) {
      last.close(CLOSING);
    }
  }

  private void make(String path) throws KeeperException {
    for (int slash = path.indexOf('/', 1); ; slash = path.indexOf('/', slash + 1)) {
      String node = slash < 0 ? path : path.substring(0, slash);
      call(
          client -> {
            // A look first: one who may not make the upper nodes may still use them.
            if (!isThere(client, node)) {
              try {
                client.create(node, NOTHING, settings.acl(), CreateMode.PERSISTENT);
              } catch (KeeperException.NodeExistsException e) {
                return false; // another replica was faster, or the answer to a try was lost
              }
            }
            return true;
          });
      if (slash < 0) {
        return;
      }
    }
  }

  /** What may not be looked at is there. */
  private static boolean isThere(ZooKeeper client, String node)
      throws KeeperException, InterruptedException {
    try {
      return client.exists(node, false) != null;
    } catch (KeeperException.NoAuthException e) {
      return true;
    }
  }

  private void askVersion() {
    new ServerProbe(settings)
        .version()
        .ifPresent(
            number -> {
              if (!OLDEST.admits(number)) {
                throw settings.refuse(
                    "servers",
                    "ZooKeeper is of version " + number + "; " + OLDEST + " is the oldest");
              }
              version = "ZooKeeper " + number;
            });
  }

  private void takeRoot() {
    try {
      make(settings.root());
      call(client -> client.getChildren(settings.root(), false));
      if (settings.user().isPresent()) {
        refuseWhatIsOpenToAll();
      }
    } catch (KeeperException e) {
      if (Failures.isDenied(e)) {
        throw settings.user().isPresent()
            ? settings.refuse(
                "password",
                "ZooKeeper denies "
                    + settings.root()
                    + ": it belongs to another user or password. Check both, or name another"
                    + " prefix",
                e)
            : settings.refuse(
                "user",
                "ZooKeeper denies "
                    + settings.root()
                    + " to those who have not logged in. Set user and password",
                e);
      }
      throw Failures.translate(settings.port(), e);
    }
  }

  /** Made before a user was set: everybody could still take the nodes away. */
  private void refuseWhatIsOpenToAll() throws KeeperException {
    boolean open =
        call(client -> client.getACL(settings.root(), new Stat())).stream()
            .anyMatch(
                each ->
                    each.getId().getScheme().equals("world")
                        && (each.getPerms() & ~ZooDefs.Perms.READ) != 0);
    if (open) {
      throw settings.refuse(
          "prefix",
          settings.root()
              + " in ZooKeeper is open to everybody, though a user is set: it was made without one."
              + " Remove it while no replica runs (zkCli: deleteall), or name another prefix");
    }
  }

  private boolean tryLock() {
    try {
      return opening.tryLock(settings.timeOut().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void requireOpen() {
    if (closed) {
      throw Failures.unavailable(settings.port(), "the connection to ZooKeeper is closed", null);
    }
  }
}
