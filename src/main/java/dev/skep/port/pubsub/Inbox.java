package dev.skep.port.pubsub;

import dev.skep.port.pubsub.PubSub.Hint;
import dev.skep.port.pubsub.PubSub.Subscriber;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one subscriber, for drivers to build on: bounded, in order, delivered on a virtual
 * thread that lives only while there is something to deliver. Whoever fills it never waits for the
 * subscriber. Thread-safe.
 */
public final class Inbox {

  private final String name;
  private final int capacity;
  private final Subscriber subscriber;
  private final Consumer<Throwable> onFailure;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final Queue<Hint> waiting = new ArrayDeque<>();
  private boolean missed;
  private boolean closed;
  private @Nullable Thread delivering;

  /**
   * @param name of the threads
   * @param capacity how many hints may wait
   * @param onFailure told what the subscriber throws
   */
  public Inbox(String name, int capacity, Subscriber subscriber, Consumer<Throwable> onFailure) {
    this.name = name;
    this.capacity = capacity;
    this.subscriber = subscriber;
    this.onFailure = onFailure;
  }

  /**
   * Hands a hint to the subscriber, later; if too many wait already it learns of a loss instead.
   */
  public void offer(Hint hint) {
    fill(
        () -> {
          if (waiting.size() < capacity) {
            waiting.add(hint);
          } else {
            lose();
          }
        });
  }

  /** Tells the subscriber of a loss; what waits is dropped, since it will look at everything. */
  public void missed() {
    fill(this::lose);
  }

  private void fill(Runnable change) {
    Thread begun = null;
    lock.lock();
    try {
      change.run();
      if (delivering == null && !closed) {
        begun = Thread.ofVirtual().name(name).unstarted(this::deliverAll);
        delivering = begun;
      }
    } finally {
      lock.unlock();
    }
    // Not under the lock, which is the first that it takes.
    if (begun != null) {
      begun.start();
    }
  }

  /** After it returned the subscriber is not called again. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
      while (delivering != null && delivering != Thread.currentThread()) {
        idle.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void lose() {
    waiting.clear();
    missed = true;
  }

  private void deliverAll() {
    Runnable next;
    while ((next = next()) != null) {
      try {
        next.run();
      } catch (Throwable e) {
        onFailure.accept(e);
      }
    }
  }

  private @Nullable Runnable next() {
    lock.lock();
    try {
      if (!closed && missed) {
        missed = false;
        return subscriber::missed;
      }
      Hint hint = closed ? null : waiting.poll();
      if (hint != null) {
        return () -> subscriber.hint(hint);
      }
      delivering = null;
      idle.signalAll();
      return null;
    } finally {
      lock.unlock();
    }
  }
}
