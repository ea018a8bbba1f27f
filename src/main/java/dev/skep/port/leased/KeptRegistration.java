package dev.skep.port.leased;

import dev.skep.common.SkepException;
import dev.skep.common.StoppableThread;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry.Registration;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Keeps one entry of a server listed, on a virtual thread: a driver writes it, looks after it, and
 * writes it again whenever it is gone. Whoever closes it removes the entry himself, since waking
 * the thread and waiting for it takes longer. Thread-safe.
 */
public abstract class KeptRegistration implements Registration {

  private static final Logger LOG = Logger.getLogger(KeptRegistration.class);

  private final Duration interval;
  private final Duration patience;
  private final StoppableThread thread;

  /** Held by whoever writes, looks after or removes the entry. */
  private final ReentrantLock turn = new ReentrantLock();

  /** Under {@link #turn}. */
  private boolean over;

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
   * Writes the entry when it is dirty or gone, else looks after it; never beside {@link #remove}.
   *
   * @throws SkepException {@code unavailable}: it is tried again
   */
  protected abstract void keep();

  /** Removes the entry, or leaves it to end by itself; once, last of all. */
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
    try {
      if (turn.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        endInTurn();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the thread removes it
    }
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
        if (!kept()) {
          return;
        }
        if (failing) {
          LOG.info("registry: this replica is listed again");
        }
        failing = false;
        thread.rest(interval);
      } catch (RuntimeException e) {
        if (!failing && !thread.isStopped()) {
          log(e);
        }
        failing = true;
        thread.pause(Duration.ofMillis(ThreadLocalRandom.current().nextInt(200, 600)));
      }
    }
    turn.lock();
    endInTurn();
  }

  /** Whatever it was, without this thread the replica would not be listed again. */
  private static void log(RuntimeException e) {
    if (e instanceof SkepException known) {
      LOG.warnf("%s; this replica may not be listed meanwhile", known.detail());
    } else {
      LOG.error("registry: this replica may not be listed until this works again", e);
    }
  }

  /** False when somebody else has ended it. */
  private boolean kept() {
    turn.lock();
    try {
      if (!over) {
        keep();
      }
      return !over;
    } finally {
      turn.unlock();
    }
  }

  /** Ends it, if nobody has, and gives the turn back. */
  private void endInTurn() {
    try {
      if (!over) {
        over = true;
        remove();
        onEnd.accept(this);
      }
    } finally {
      turn.unlock();
    }
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
