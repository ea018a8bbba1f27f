package dev.skep.common.admission;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded amount of something that requests hold for a while, such as bytes of memory. A request
 * that finds too little free waits. Owners take turns: the next amount that comes free goes to the
 * next owner in the round, however many requests each of them has waiting.
 *
 * <p>An owner holds at most a share of the whole, so that others find something free. A request
 * asks once, for all that it will hold: one that held some and waited for more could wait for
 * others that do the same.
 *
 * <p>Thread-safe. The lock is held for a few instructions only, never while waiting.
 */
public final class FairPool {

  /** Above this an owner's requests are refused at once: waiting would be in vain. */
  private static final int MOST_WAITING = 1_000;

  private static final Duration COME_AGAIN = Duration.ofSeconds(2);

  private final String what;
  private final long share;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Object, Owner> owners = new HashMap<>();

  /** Owners with requests that wait, the next to be served first. */
  private final Deque<Owner> round = new ArrayDeque<>();

  private long free;

  /**
   * @param what is named to those who are refused, such as "request bodies"
   * @param capacity how much there is for all
   * @param share how much an owner may hold at once
   */
  public FairPool(String what, long capacity, long share) {
    if (share < 1 || capacity < share) {
      throw new IllegalArgumentException(
          "A share of " + share + " does not fit into " + capacity + " for " + what);
    }
    this.what = what;
    this.share = share;
    this.free = capacity;
  }

  private static final class Owner {
    final Object name;
    final Deque<Waiter> waiting = new ArrayDeque<>(2);
    long held;

    Owner(Object name) {
      this.name = name;
    }
  }

  private static final class Waiter {
    final long amount;
    final Condition granted;
    boolean done;

    Waiter(long amount, Condition granted) {
      this.amount = amount;
      this.granted = granted;
    }
  }

  /**
   * Takes an amount, at most an owner's share; waits for it where it must.
   *
   * @param owner whose request it is; compared with {@code equals}
   * @throws SkepException {@code busy} when it does not come free in time
   */
  public Permit acquire(Object owner, long amount, Duration patience) {
    long taken = Math.min(amount, share);
    lock.lock();
    try {
      Owner asking = owners.computeIfAbsent(owner, Owner::new);
      if (round.isEmpty() && asking.held + taken <= share && taken <= free) {
        take(asking, taken);
      } else {
        await(asking, taken, patience);
      }
      return permit(asking, taken);
    } finally {
      lock.unlock();
    }
  }

  /** How much nobody holds now. */
  public long free() {
    lock.lock();
    try {
      return free;
    } finally {
      lock.unlock();
    }
  }

  /** How many requests wait now. */
  public int waiting() {
    lock.lock();
    try {
      return round.stream().mapToInt(owner -> owner.waiting.size()).sum();
    } finally {
      lock.unlock();
    }
  }

  private void await(Owner asking, long amount, Duration patience) {
    if (asking.waiting.size() >= MOST_WAITING) {
      throw busy();
    }
    Waiter waiter = new Waiter(amount, lock.newCondition());
    asking.waiting.add(waiter);
    if (asking.waiting.size() == 1) {
      round.add(asking);
    }
    serve();
    long left = patience.toNanos();
    try {
      while (!waiter.done && left > 0) {
        left = waiter.granted.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (waiter.done) {
        giveBack(asking, amount);
      } else {
        withdraw(asking, waiter);
      }
      throw new SkepException(ErrorCode.UNAVAILABLE, "This replica is stopping", e);
    }
    if (!waiter.done) {
      withdraw(asking, waiter);
      throw busy();
    }
  }

  private void withdraw(Owner asking, Waiter waiter) {
    asking.waiting.remove(waiter);
    if (asking.waiting.isEmpty()) {
      round.remove(asking);
    }
    forgetIdle(asking);
    serve();
  }

  /** Grants what can be granted, one to each owner in turn. */
  private void serve() {
    int atTheirShare = 0;
    while (atTheirShare < round.size()) {
      Owner next = round.remove();
      Waiter first = next.waiting.element();
      if (next.held + first.amount > share) {
        round.add(next);
        atTheirShare++;
      } else if (first.amount > free) {
        // Kept at the head: small ones that overtook it for ever would starve it.
        round.addFirst(next);
        return;
      } else {
        next.waiting.remove();
        take(next, first.amount);
        first.done = true;
        first.granted.signal();
        if (!next.waiting.isEmpty()) {
          round.add(next);
        }
        atTheirShare = 0;
      }
    }
  }

  private void take(Owner owner, long amount) {
    owner.held += amount;
    free -= amount;
  }

  private Permit permit(Owner owner, long amount) {
    AtomicBoolean held = new AtomicBoolean(true);
    return () -> {
      if (held.compareAndSet(true, false)) {
        lock.lock();
        try {
          giveBack(owner, amount);
        } finally {
          lock.unlock();
        }
      }
    };
  }

  private void giveBack(Owner owner, long amount) {
    owner.held -= amount;
    free += amount;
    forgetIdle(owner);
    serve();
  }

  private void forgetIdle(Owner owner) {
    if (owner.held == 0 && owner.waiting.isEmpty()) {
      owners.remove(owner.name);
    }
  }

  private SkepException busy() {
    return SkepException.retry(
        ErrorCode.BUSY,
        "This replica has no room for more " + what + " at this moment. Try again in a few seconds",
        COME_AGAIN);
  }
}
