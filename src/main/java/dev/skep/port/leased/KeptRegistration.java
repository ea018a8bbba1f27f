package dev.skep.port.leased;

import dev.skep.common.SkepException;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry.Registration;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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
  private final Thread thread;

  /** Held by whoever writes, looks after or removes the entry. */
  private final ReentrantLock turn = new ReentrantLock();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Replica wanted;
  private boolean dirty = true;
  private boolean closed;

  /** Under {@link #turn}. */
  private boolean over;

  /**
   * @param interval between two looks
   * @param patience of {@link #close}
   */
  protected KeptRegistration(Replica replica, Duration interval, Duration patience) {
    this.wanted = replica;
    this.interval = interval;
    this.patience = patience;
    this.thread =
        Thread.ofVirtual().name("registration " + replica.id()).unstarted(this::keepListed);
  }

  /**
   * Writes the entry when it is dirty or gone, else looks after it; never beside {@link #remove}.
   *
   * @throws SkepException {@code unavailable}: it is tried again
   */
  protected abstract void keep();

  /** Removes the entry, or leaves it to end by itself; once, last of all. */
  protected abstract void remove();

  /** Told once, after {@link #remove}. */
  protected abstract void ended();

  /** Called once. */
  public final void start() {
    thread.start();
  }

  @Override
  public final void update(Replica replica) {
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
  public final void stop() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until it is removed, at most this long. */
  public final void awaitEnd(Duration atMost) {
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
        if (!kept()) {
          return;
        }
        if (failing) {
          LOG.info("registry: this replica is listed again");
        }
        failing = false;
        await(interval, true);
      } catch (SkepException e) {
        if (!failing && !isClosed()) {
          LOG.warnf("%s; this replica may not be listed meanwhile", e.detail());
        }
        failing = true;
        await(Duration.ofMillis(ThreadLocalRandom.current().nextInt(200, 600)), false);
      }
    }
    turn.lock();
    endInTurn();
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
        ended();
      }
    } finally {
      turn.unlock();
    }
  }

  /** It is to be written again. */
  protected final void markDirty() {
    lock.lock();
    try {
      dirty = true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it is to be written; asked for once, since then it counts as written. */
  protected final boolean takeDirty() {
    lock.lock();
    try {
      boolean taken = dirty;
      dirty = false;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** What is to be listed now. */
  protected final Replica latest() {
    lock.lock();
    try {
      return wanted;
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
