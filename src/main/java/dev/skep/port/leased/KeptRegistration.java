package dev.skep.port.leased;

import dev.skep.common.SkepException;
import dev.skep.common.StoppableThread;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry.Registration;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Keeps one entry of a server listed, on a virtual thread: a driver writes it, looks after it, and
 * writes it again whenever it is gone. Thread-safe.
 */
public abstract class KeptRegistration implements Registration {

  private static final Logger LOG = Logger.getLogger(KeptRegistration.class);

  private final Duration interval;
  private final Duration patience;
  private final StoppableThread thread;
  private volatile Replica wanted;
  private Consumer<KeptRegistration> onEnd = ended -> {};

  /**
   * @param interval between two looks
   * @param patience of {@link #close}
   */
  protected KeptRegistration(Replica replica, Duration interval, Duration patience) {
    this.wanted = replica;
    this.interval = interval;
    this.patience = patience;
    this.thread = new StoppableThread("registration " + replica.id(), this::keepListed);
    markDirty();
  }

  /**
   * Writes the entry when it is dirty or gone, else looks after it; on the one thread.
   *
   * @throws SkepException {@code unavailable}: it is tried again
   */
  protected abstract void keep();

  /** Removes the entry, or leaves it to end by itself; on the one thread, last of all. */
  protected abstract void remove();

  /**
   * Called once.
   *
   * @param whenOver told once, after {@link #remove}
   */
  final void start(Consumer<KeptRegistration> whenOver) {
    onEnd = whenOver;
    thread.start();
  }

  @Override
  public final void update(Replica replica) {
    if (!replica.id().equals(wanted.id())) {
      throw new IllegalArgumentException("The replica is " + wanted.id() + ", not " + replica.id());
    }
    wanted = replica;
    markDirty();
  }

  @Override
  public final void close() {
    stop();
    awaitEnd(patience);
  }

  /** Begins to remove the entry. */
  final void stop() {
    thread.stop();
  }

  /** Waits until it is removed, at most this long. */
  final void awaitEnd(Duration atMost) {
    thread.awaitEnd(atMost);
  }

  private void keepListed() {
    boolean failing = false;
    while (!thread.isStopped()) {
      try {
        keep();
        if (failing) {
          LOG.info("registry: this replica is listed again");
        }
        failing = false;
        thread.rest(interval);
      } catch (SkepException e) {
        if (!failing && !thread.isStopped()) {
          LOG.warnf("%s; this replica may not be listed meanwhile", e.detail());
        }
        failing = true;
        thread.pause(Duration.ofMillis(ThreadLocalRandom.current().nextInt(200, 600)));
      }
    }
    remove();
    onEnd.accept(this);
  }

  /** It is to be written again. */
  protected final void markDirty() {
    thread.wake();
  }

  /** Whether it is to be written; asked for once, since then it counts as written. */
  protected final boolean takeDirty() {
    return thread.takeWake();
  }

  /** What is to be listed; asked for after {@link #takeDirty}, so that no update is missed. */
  protected final Replica latest() {
    return wanted;
  }
}
