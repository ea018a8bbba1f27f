package dev.skep.port.coordinator.zookeeper;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.Threads;
import dev.skep.port.coordinator.Coordinator.FencingToken;
import dev.skep.port.zookeeper.Failures;
import dev.skep.port.zookeeper.ZooKeeperConnection;
import dev.skep.port.zookeeper.ZooKeeperSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult.ErrorResult;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which node. A name is taken by a transaction that makes its ephemeral node and demands
 * the node of the {@link Identity}. The holder's number is the zxid of that transaction: ZooKeeper
 * gives every change a greater one than any before, never the same twice, also across elections,
 * since its upper half is the number of the leader's term. So it grows under one identity.
 *
 * <p>Should the answer to the transaction be lost, the node's data tell whether it is ours; should
 * that not be found out in time, it is removed later, as soon as the servers answer, or ends with
 * the session: nobody is left with a name that he does not know of. Thread-safe.
 */
final class Holders {

  /** How often the identity or a session may end under one call. */
  private static final int ATTEMPTS = 3;

  /** How often a node may come and go under one call. */
  private static final int LOOKS = 3;

  private final ZooKeeperConnection connection;
  private final LongSupplier nanoTime;
  private final Identity identity;
  private final ReentrantLock opening = new ReentrantLock();
  private final Map<Duration, LeaseSession> sessions = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Holders(ZooKeeperConnection connection, LongSupplier nanoTime) {
    this.connection = connection;
    this.nanoTime = nanoTime;
    this.identity = new Identity(connection);
  }

  /**
   * Takes the node if nobody holds it, else returns null.
   *
   * @param path of the node; what is above it is made where it is missing
   * @param name of the lease
   */
  @Nullable ZooKeeperLease tryAcquire(String path, String name, Duration duration) {
    for (int attempt = 1; ; attempt++) {
      LeaseSession session = enter(duration);
      try {
        return take(session, path, name);
      } catch (KeeperException.NoNodeException e) {
        if (attempt == ATTEMPTS) {
          throw Failures.translate("coordinator", e);
        }
        makeAnew(session, path, e);
      } catch (KeeperException e) {
        throw Failures.translate("coordinator", e);
      } catch (SkepException e) {
        if (!session.isOver() || attempt == ATTEMPTS) {
          throw e;
        }
      } finally {
        session.leave();
      }
    }
  }

  /** Ends all leases and tells so, and gives them back, waiting at most so long. */
  void close(Duration atMost) {
    closed = true;
    List<Thread> threads =
        List.copyOf(sessions.values()).stream()
            .map(each -> Thread.ofVirtual().name("closing").start(() -> each.end(atMost)))
            .toList();
    Threads.joinAll(threads, atMost);
  }

  private @Nullable ZooKeeperLease take(LeaseSession session, String path, String name)
      throws KeeperException {
    byte[] data = holder();
    Taking taking = new Taking(session, path, data);
    Optional<Stat> taken;
    try {
      taken = session.session().retried(taking);
    } catch (KeeperException | SkepException e) {
      if (taking.isSent()) {
        Thread.ofVirtual()
            .name("lease " + name + " is given back")
            .start(() -> session.removeUntilGone(path, data));
      }
      throw e;
    }
    if (taken.isEmpty()) {
      return null;
    }
    ZooKeeperLease lease =
        new ZooKeeperLease(
            session,
            nanoTime,
            name,
            path,
            data,
            new FencingToken(session.identity(), taken.get().getCzxid()),
            session.deadline(taking.sent()));
    boolean added = session.add(lease);
    if (!added) {
      lease.lose();
    }
    lease.startWatch();
    if (!lease.held()) {
      throw unavailable("the lease was over before it began");
    }
    return lease;
  }

  /** Tries to make the node until it is there; empty when it is another's. */
  private final class Taking implements ZooKeeperSession.Call<Optional<Stat>> {

    private final LeaseSession session;
    private final String path;
    private final byte[] data;
    private long sent;
    private boolean isSent;

    Taking(LeaseSession session, String path, byte[] data) {
      this.session = session;
      this.path = path;
      this.data = data;
    }

    boolean isSent() {
      return isSent;
    }

    /** When it was first asked for, whichever try succeeded. */
    long sent() {
      return sent;
    }

    @Override
    public Optional<Stat> on(ZooKeeper client) throws KeeperException, InterruptedException {
      if (isSent) {
        client.sync(path); // what was sent before has happened after it, or never will
      }
      for (int look = 1; look <= LOOKS; look++) {
        Stat stat = new Stat();
        try {
          boolean mine = Arrays.equals(client.getData(path, false, stat), data);
          return mine ? Optional.of(stat) : Optional.empty();
        } catch (KeeperException.NoNodeException e) {
          make(client);
        }
      }
      return Optional.empty(); // it comes and goes with others
    }

    private void make(ZooKeeper client) throws KeeperException, InterruptedException {
      if (!isSent) {
        sent = nanoTime.getAsLong();
        isSent = true;
      }
      try {
        client.multi(
            List.of(
                Op.check(session.identityPath(), -1),
                Op.create(path, data, connection.settings().acl(), CreateMode.EPHEMERAL)));
      } catch (KeeperException.NodeExistsException e) {
        // By another one, or by a try whose answer was lost: the next look tells.
      }
    }
  }

  /** The identity is gone, or what is above the path. */
  private void makeAnew(LeaseSession session, String path, KeeperException.NoNodeException e) {
    if (isFirst(e)) {
      identity.forget(session.identity());
      session.end(Duration.ofMillis(100));
    } else {
      connection.ensure(path.substring(0, path.lastIndexOf('/')));
    }
  }

  /** Whether the check of the identity failed, which stands first in the transaction. */
  private static boolean isFirst(KeeperException e) {
    return e.getResults() != null
        && !e.getResults().isEmpty()
        && e.getResults().getFirst() instanceof ErrorResult result
        && result.getErr() == KeeperException.Code.NONODE.intValue();
  }

  private LeaseSession enter(Duration duration) {
    LeaseSession known = sessions.get(duration);
    if (known != null && known.enter()) {
      return known;
    }
    if (!tryLock()) {
      throw unavailable("ZooKeeper does not answer in time");
    }
    try {
      LeaseSession again = sessions.get(duration);
      return again != null && again.enter() ? again : open(duration);
    } finally {
      opening.unlock();
    }
  }

  private LeaseSession open(Duration duration) {
    String now = identity.get();
    LeaseSession made =
        LeaseSession.open(
            connection.settings(),
            nanoTime,
            now,
            identity.path(now),
            duration,
            ended -> sessions.remove(duration, ended));
    sessions.put(duration, made);
    if (closed) {
      made.end(Duration.ofMillis(100));
    }
    if (!made.enter()) {
      sessions.remove(duration, made);
      throw unavailable("the session with ZooKeeper is over");
    }
    return made;
  }

  private boolean tryLock() {
    try {
      return opening.tryLock(connection.settings().timeOut().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Different each time; for an operator who looks with zkCli too. */
  private static byte[] holder() {
    String host = System.getenv("HOSTNAME");
    return (UUID.randomUUID()
            + " process "
            + ProcessHandle.current().pid()
            + (host == null || host.isEmpty() ? "" : " on " + host))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static SkepException unavailable(String what) {
    return new SkepException(ErrorCode.UNAVAILABLE, "coordinator: " + what);
  }
}
