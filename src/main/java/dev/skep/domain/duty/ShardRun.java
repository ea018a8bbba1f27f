package dev.skep.domain.duty;

import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Work;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One shard of a duty while this replica holds it: claims its fence, then runs it again and again
 * on a virtual thread, until the lease ends or it is told to stop.
 */
final class ShardRun implements DutyContext {

  private static final Logger LOG = Logger.getLogger(ShardRun.class);

  private final Duty duty;
  private final int shard;
  private final Lease lease;
  private final Fences fences;
  private final SqlStore sql;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Completed by the next run that begins; null while nobody asks. */
  private @Nullable CompletableFuture<Void> requested;

  private volatile boolean stopping;

  /** No run will begin any more; the lease may still be held. */
  private volatile boolean ended;

  private volatile @Nullable Fence fence;
  private @Nullable Thread thread;

  ShardRun(Duty duty, int shard, Lease lease, Fences fences, SqlStore sql) {
    this.duty = duty;
    this.shard = shard;
    this.lease = lease;
    this.fences = fences;
    this.sql = sql;
  }

  /** Called once. */
  void start() {
    lease.onLoss(this::wake);
    thread = Thread.ofVirtual().name("duty " + key()).start(this::serve);
  }

  /**
   * Asks for a run now, instead of at its time; completed when a run that began later has ended.
   */
  CompletableFuture<Void> request() {
    lock.lock();
    try {
      CompletableFuture<Void> run = requested == null ? new CompletableFuture<>() : requested;
      requested = run;
      if (ended) {
        run.completeExceptionally(new StaleHolderException(key()));
      }
      changed.signalAll();
      return run;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets the run end at its next look and waits for that. The thread is not interrupted: its
   * transaction would have an unknown outcome for nothing.
   */
  void stop(Duration atMost) {
    stopping = true;
    wake();
    try {
      if (thread != null && !thread.join(atMost)) {
        LOG.warnf("Duty %s: a run goes on after its end; what it writes is refused", key());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int shard() {
    return shard;
  }

  @Override
  public int shards() {
    return duty.shards();
  }

  @Override
  public Caller caller() {
    return Caller.system(duty.name());
  }

  @Override
  public boolean held() {
    return !ended && !stopping && lease.held();
  }

  @Override
  public <R extends @Nullable Object> R protectedWrite(Work<R> work) {
    Fence own = fence;
    if (own == null || !held()) {
      throw new StaleHolderException(key());
    }
    try {
      return sql.write(
          tx -> {
            // What duties remove is the room that a full disk waits for.
            tx.mayUseReserve();
            own.check(tx);
            return work.run(tx);
          });
    } catch (StaleHolderException e) {
      LOG.warnf("Duty %s: refused by its fence, since a newer holder has begun", key());
      throw e;
    }
  }

  private void serve() {
    Backoff backoff = new Backoff();
    // Shards that are gained together shall not run together for ever.
    Duration pause = randomPart(duty.interval());
    while (awaitTurn(pause)) {
      try {
        runOnce();
        backoff.succeeded();
        pause = jittered(duty.interval());
      } catch (StaleHolderException e) {
        giveUp(backoff);
        return;
      } catch (RuntimeException | Error e) {
        // An error too: without its thread the shard would be held and never run again.
        pause = backoff.failed();
        log(e, pause);
      }
    }
    end();
  }

  private void runOnce() {
    CompletableFuture<Void> run = takeRequest();
    try {
      if (fence == null) {
        fence = fences.claim(key(), lease);
      }
      duty.run(this);
      run.complete(null);
    } catch (RuntimeException | Error e) {
      run.completeExceptionally(e);
      throw e;
    }
  }

  /**
   * Somebody holds the duty under a newer token. With this one nothing can be written any more, so
   * the lease is given back after a while: whoever gets the shard next comes with a newer token.
   */
  private void giveUp(Backoff backoff) {
    end();
    if (stopping || !lease.held()) {
      return;
    }
    LOG.warnf("Duty %s: refused by its fence though its lease is held; giving it back", key());
    awaitStop(backoff.failed());
    lease.close();
  }

  private void log(Throwable e, Duration pause) {
    if (e instanceof SkepException known) {
      LOG.warnf(
          "Duty %s failed: %s (%s). Next run in %d ms",
          key(), known.detail(), known.code().code(), pause.toMillis());
      return;
    }
    LOG.errorf(e, "Duty %s failed. Next run in %d ms", key(), pause.toMillis());
  }

  /** Waits for the time of the next run or a request; false when there is none any more. */
  private boolean awaitTurn(Duration pause) {
    lock.lock();
    try {
      long left = pause.toNanos();
      while (held() && requested == null && left > 0) {
        left = changed.awaitNanos(left);
      }
      return held();
    } catch (InterruptedException e) {
      return held(); // a run left its thread interrupted: the next one begins early
    } finally {
      lock.unlock();
    }
  }

  private void awaitStop(Duration pause) {
    lock.lock();
    try {
      long left = pause.toNanos();
      while (!stopping && lease.held() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // Then the lease is given back a little earlier.
    } finally {
      lock.unlock();
    }
  }

  private CompletableFuture<Void> takeRequest() {
    lock.lock();
    try {
      CompletableFuture<Void> run = requested == null ? new CompletableFuture<>() : requested;
      requested = null;
      return run;
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      ended = true;
      takeRequest().completeExceptionally(new StaleHolderException(key()));
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private String key() {
    return duty.name() + "/" + shard;
  }

  private static Duration randomPart(Duration whole) {
    return Duration.ofNanos((long) (whole.toNanos() * ThreadLocalRandom.current().nextDouble()));
  }

  private static Duration jittered(Duration about) {
    return Duration.ofNanos(
        (long) (about.toNanos() * ThreadLocalRandom.current().nextDouble(0.9, 1.1)));
  }
}
