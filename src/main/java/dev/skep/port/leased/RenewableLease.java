package dev.skep.port.leased;

import dev.skep.port.coordinator.Coordinator.FencingToken;
import dev.skep.port.coordinator.Coordinator.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The holder's side of a lease that a server keeps: what the holder believes, and until when. A
 * driver's lease extends this belief as its server confirms it; what is over by the holder's clock
 * is never extended again (P12). Thread-safe.
 */
public abstract class RenewableLease implements Lease {

  private enum State {
    HELD,
    RELEASED,
    LOST
  }

  private final LongSupplier nanoTime;
  private final String name;
  private final FencingToken token;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private final List<Runnable> lossActions = new ArrayList<>();
  private volatile State state = State.HELD;
  private volatile long deadline;
  private boolean renewing = true;

  /**
   * @param nanoTime the monotonic clock that it ends by
   * @param deadline when its holder stops believing unless it is extended
   */
  protected RenewableLease(LongSupplier nanoTime, String name, FencingToken token, long deadline) {
    this.nanoTime = nanoTime;
    this.name = name;
    this.token = token;
    this.deadline = deadline;
  }

  /** Gives it back to the server after its holder closed it. Not called under a lock. */
  protected abstract void giveBack();

  /** Told once, under the lock, whatever ended it. */
  protected abstract void ended();

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final FencingToken token() {
    return token;
  }

  @Override
  public final boolean held() {
    return state == State.HELD && nanoTime.getAsLong() - deadline < 0;
  }

  @Override
  public final void onLoss(Runnable action) {
    locked(
        () -> {
          loseIfExpired();
          switch (state) {
            case HELD -> lossActions.add(action);
            case LOST -> start(action);
            case RELEASED -> {}
          }
        });
  }

  @Override
  public final void close() {
    boolean[] released = new boolean[1];
    locked(
        () -> {
          loseIfExpired();
          if (state == State.HELD) {
            end(State.RELEASED);
            released[0] = true;
          }
        });
    if (released[0]) {
      giveBack();
    }
  }

  /** The holder must give it up: it ends by itself after its time, if not closed before. */
  public final void stopRenewing() {
    locked(() -> renewing = false);
  }

  /** Ends it before its time, for instance because the coordinator closes. */
  public final void lose() {
    locked(
        () -> {
          if (state == State.HELD) {
            end(State.LOST);
          }
        });
  }

  /** The server has confirmed it; a lease that is over, or must be given up, stays as it is. */
  protected final void extend(long until) {
    locked(
        () -> {
          loseIfExpired();
          if (state == State.HELD && renewing && until - deadline > 0) {
            deadline = until;
          }
        });
  }

  /** Whether its holder may go on believing when the server agrees. */
  protected final boolean isRenewing() {
    lock.lock();
    try {
      return renewing;
    } finally {
      lock.unlock();
    }
  }

  protected final boolean isLost() {
    return state == State.LOST;
  }

  /** Until it is over, if nothing renews it; never negative. */
  protected final Duration left() {
    return Duration.ofNanos(Math.max(deadline - nanoTime.getAsLong(), 0));
  }

  /** Waits so long, or until it ends; whether it is still held then. */
  protected final boolean heldAfter(Duration pause) {
    lock.lock();
    try {
      long left = Math.min(pause.toNanos(), deadline - nanoTime.getAsLong());
      while (state == State.HELD && left > 0) {
        left = ended.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts the threads of a driver; it would only look earlier.
    } finally {
      lock.unlock();
    }
    locked(this::loseIfExpired);
    return state == State.HELD;
  }

  private void loseIfExpired() {
    if (state == State.HELD && !held()) {
      end(State.LOST);
    }
  }

  private void end(State last) {
    state = last;
    if (last == State.LOST) {
      lossActions.forEach(this::start);
    }
    lossActions.clear();
    ended.signalAll();
    ended();
  }

  private void start(Runnable action) {
    Thread.ofVirtual().name("loss of lease " + name).start(action);
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }
}
