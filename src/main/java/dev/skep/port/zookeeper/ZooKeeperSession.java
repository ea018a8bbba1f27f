package dev.skep.port.zookeeper;

import dev.skep.common.SkepException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;

/**
 * One session with ZooKeeper: it survives the loss of a connection, is served by another member
 * then, and is over for good once the servers ended it. So what is ephemeral under it lives as long
 * as it does; that is why no client is used that replaces a session by another in silence.
 *
 * <p>A call that gets no answer in time closes the connection, so that a black hole is left for the
 * next member. Calls block, so they are for virtual threads. Thread-safe.
 */
public final class ZooKeeperSession implements AutoCloseable {

  private static final String TLS_SOCKET = "org.apache.zookeeper.ClientCnxnSocketNetty";
  private static final String PLAIN_SOCKET = "org.apache.zookeeper.ClientCnxnSocketNIO";

  /** What is asked of the servers; it may be asked again when the connection was lost meanwhile. */
  @FunctionalInterface
  public interface Call<R extends @Nullable Object> {
    R on(ZooKeeper client) throws KeeperException, InterruptedException;
  }

  private final ZooKeeperSettings settings;
  private final ZooKeeper client;
  private final Ears ears;
  private final Duration patience;

  private ZooKeeperSession(
      ZooKeeperSettings settings, ZooKeeper client, Ears ears, Duration patience) {
    this.settings = settings;
    this.client = client;
    this.ears = ears;
    this.patience = patience;
  }

  /**
   * Connects and waits until the servers have granted the session.
   *
   * @param lasting how long the session is to last without a sign of life; the servers keep it
   *     within bounds of their own
   * @param patience how long one try of a call waits for its answer
   * @param onEnd runs once on a virtual thread when the servers have ended it, not after {@link
   *     #close}
   * @throws SkepException {@code unavailable}
   */
  public static ZooKeeperSession open(
      ZooKeeperSettings settings, Duration lasting, Duration patience, Runnable onEnd) {
    Ears ears = new Ears(onEnd);
    ZooKeeper client;
    try {
      client =
          new ZooKeeper(
              settings.connectString(),
              Math.toIntExact(lasting.toMillis()),
              ears,
              false,
              Servers.of(settings),
              clientConfig(settings, patience));
    } catch (IOException e) {
      throw Failures.unavailable(settings.port(), "no client of ZooKeeper can be made", e);
    }
    settings.logIn().ifPresent(secret -> client.addAuthInfo("digest", secret));
    ZooKeeperSession session = new ZooKeeperSession(settings, client, ears, patience);
    if (!ears.awaitConnected(settings.timeOut())) {
      session.close(Duration.ofMillis(100));
      throw Failures.unavailable(
          settings.port(), "ZooKeeper cannot be reached, or has no leader", null);
    }
    return session;
  }

  private static ZKClientConfig clientConfig(ZooKeeperSettings settings, Duration patience) {
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty(
        ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT, Long.toString(Math.max(1, patience.toMillis())));
    config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
    config.setProperty(ZKClientConfig.SECURE_CLIENT, Boolean.toString(settings.tls()));
    config.setProperty(
        ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, settings.tls() ? TLS_SOCKET : PLAIN_SOCKET);
    settings
        .caCertificate()
        .ifPresent(
            file -> {
              config.setProperty("zookeeper.ssl.trustStore.location", file.toString());
              config.setProperty("zookeeper.ssl.trustStore.type", "PEM");
            });
    settings
        .clientKey()
        .ifPresent(
            file -> {
              config.setProperty("zookeeper.ssl.keyStore.location", file.toString());
              config.setProperty("zookeeper.ssl.keyStore.type", "PEM");
            });
    return config;
  }

  /** How long the servers keep it without a sign of life, as they granted it. */
  public Duration granted() {
    return Duration.ofMillis(client.getSessionTimeout());
  }

  /** What ephemeral nodes of this session name as their owner. */
  public long id() {
    return client.getSessionId();
  }

  /**
   * Whether it has ended; it never comes back then. One that was cut off for as long as it was to
   * last counts as ended too: the servers would say so, but those that were made anew never do,
   * they only refuse whoever has seen later changes than they have.
   */
  public boolean isOver() {
    if (ears.isCutOffFor(granted())) {
      ears.over();
    }
    return ears.isOver();
  }

  /**
   * Asks until there is an answer, at most for the time-out.
   *
   * @throws KeeperException an answer, other than that the session is over
   * @throws SkepException {@code unavailable}: what was asked may have happened
   */
  public <R extends @Nullable Object> R retried(Call<R> call) throws KeeperException {
    long began = System.nanoTime();
    while (true) {
      try {
        return once(call);
      } catch (KeeperException e) {
        if (!Failures.isOfTheLine(e)) {
          throw e;
        }
        if (!timeIsLeft(began) || !paused()) {
          throw Failures.translate(settings.port(), e);
        }
      }
    }
  }

  /**
   * Asks once.
   *
   * @throws KeeperException an answer, or that none came
   * @throws SkepException {@code unavailable} when the session is over
   */
  public <R extends @Nullable Object> R once(Call<R> call) throws KeeperException {
    try {
      return call.on(client);
    } catch (KeeperException e) {
      if (Failures.endsTheSession(e)) {
        ears.over();
      }
      if (isOver()) {
        throw Failures.translate(settings.port(), e);
      }
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failures.unavailable(settings.port(), "interrupted", e);
    }
  }

  private boolean timeIsLeft(long began) {
    return System.nanoTime() - began + patience.toNanos() < settings.timeOut().toNanos();
  }

  private static boolean paused() {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(20, 80));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends it, and with it all that is ephemeral under it: at once if the servers answer in time. */
  @Override
  public void close() {
    ears.deafen();
    try {
      client.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** As {@link #close}, but leaves the rest to a thread of its own after this long. */
  public void close(Duration atMost) {
    ears.deafen();
    Thread closing = Thread.ofVirtual().name("zookeeper closes").start(this::close);
    try {
      closing.join(atMost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs on the client's own thread, so it only takes note. */
  private static final class Ears implements Watcher {

    private final Runnable onEnd;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean connected;
    private @Nullable Long cutOffAt;
    private boolean over;
    private boolean deaf;

    Ears(Runnable onEnd) {
      this.onEnd = onEnd;
    }

    @Override
    public void process(WatchedEvent event) {
      switch (event.getState()) {
        case SyncConnected -> connected();
        case Disconnected -> cutOff();
        case Expired, AuthFailed, Closed -> over();
        default -> {}
      }
    }

    private void connected() {
      lock.lock();
      try {
        connected = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private void cutOff() {
      lock.lock();
      try {
        if (connected) {
          connected = false;
          cutOffAt = System.nanoTime();
        }
      } finally {
        lock.unlock();
      }
    }

    /** False for one that has not connected yet. */
    boolean isCutOffFor(Duration atLeast) {
      lock.lock();
      try {
        return !connected && cutOffAt != null && System.nanoTime() - cutOffAt >= atLeast.toNanos();
      } finally {
        lock.unlock();
      }
    }

    void over() {
      lock.lock();
      try {
        if (!over && !deaf) {
          Thread.ofVirtual().name("zookeeper session over").start(onEnd);
        }
        over = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    void deafen() {
      lock.lock();
      try {
        deaf = true;
        over = true;
      } finally {
        lock.unlock();
      }
    }

    boolean isOver() {
      lock.lock();
      try {
        return over;
      } finally {
        lock.unlock();
      }
    }

    boolean awaitConnected(Duration atMost) {
      lock.lock();
      try {
        long left = atMost.toNanos();
        while (!connected && !over && left > 0) {
          left = changed.awaitNanos(left);
        }
        return connected && !over;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      } finally {
        lock.unlock();
      }
    }
  }
}
