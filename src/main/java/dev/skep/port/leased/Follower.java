package dev.skep.port.leased;

import dev.skep.common.SkepException;
import dev.skep.common.StoppableThread;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Follows a part of what a server keeps, on one virtual thread, and begins again after every
 * failure until it is stopped. Thread-safe.
 *
 * @param <S> the state that its watcher is told of
 */
public abstract class Follower<S> implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Follower.class);

  private final String server;
  private final String port;
  private final String part;
  private final Consumer<S> watcher;
  private final StoppableThread thread;
  private boolean failing;

  /**
   * @param server its name, for the log and the thread
   * @param port that it follows for
   * @param part the prefix or path that it follows
   * @param watcher never called by two threads at once; what it throws is logged
   */
  protected Follower(String server, String port, String part, Consumer<S> watcher) {
    this.server = server;
    this.port = port;
    this.part = part;
    this.watcher = watcher;
    this.thread =
        new StoppableThread(
            server.toLowerCase(Locale.ROOT) + " " + port + " " + part, this::followUntilStopped);
  }

  /**
   * Looks, tells what is so, and returns when it is time to begin again; on the one thread.
   *
   * @throws SkepException {@code unavailable}: it is tried again
   */
  protected abstract void follow();

  /** Leaves nothing behind; on the one thread, last of all. */
  protected void forget() {}

  /** Called once. */
  public final void start() {
    thread.start();
  }

  /** Waits for a call that runs now, unless it comes from there; none comes afterwards. */
  @Override
  public final void close() {
    stop();
    thread.close();
  }

  /** Ends it without waiting. */
  public void stop() {
    thread.stop();
  }

  protected final StoppableThread thread() {
    return thread;
  }

  /** The server has answered. */
  protected final void answered() {
    if (failing) {
      failing = false;
      LOG.infof("%s: %s answers again", port, server);
    }
  }

  protected final void tell(S state) {
    if (thread.isStopped()) {
      return;
    }
    try {
      watcher.accept(state);
    } catch (Throwable e) {
      LOG.errorf(e, "%s: a watcher of '%s' failed; it will see the next change", port, part);
    }
  }

  private void followUntilStopped() {
    while (!thread.isStopped()) {
      try {
        follow();
      } catch (RuntimeException e) {
        failed(e);
      }
    }
    forget();
  }

  private void failed(RuntimeException e) {
    if (thread.isStopped()) {
      return;
    }
    if (!failing) {
      failing = true;
      log(e);
    }
    thread.pause(Duration.ofMillis(ThreadLocalRandom.current().nextInt(200, 600)));
  }

  /** Whatever it was, without this thread nobody would be told any more. */
  private void log(RuntimeException e) {
    if (e instanceof SkepException known) {
      LOG.warnf("%s; what was last seen holds meanwhile", known.detail());
    } else {
      LOG.errorf(e, "%s: following '%s' failed, and is tried again", port, part);
    }
  }
}
