package dev.skep.domain.duty;

import dev.skep.common.SkepException;
import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.port.coordinator.Coordinator.Membership;
import dev.skep.port.coordinator.Coordinator.ShardListener;
import dev.skep.port.sql.SqlStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** This replica's part in one duty: joins the shared-out work and runs the shards it is given. */
final class DutyShards implements ShardListener {

  private static final Logger LOG = Logger.getLogger(DutyShards.class);

  /** A graceful stop lasts 10 s at most, for all of Skep. */
  private static final Duration STOPPING = Duration.ofSeconds(4);

  /** What another replica needs, at least, to take the shards of one that steps down. */
  private static final Duration AWAY = Duration.ofSeconds(2);

  private final Duty duty;
  private final Coordinator coordinator;
  private final Fences fences;
  private final SqlStore sql;
  private final Duration lease;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Integer, ShardRun> runs = new HashMap<>();
  private @Nullable Membership membership;
  private boolean stopped;

  DutyShards(Duty duty, Coordinator coordinator, Fences fences, SqlStore sql, Duration lease) {
    this.duty = duty;
    this.coordinator = coordinator;
    this.fences = fences;
    this.sql = sql;
    this.lease = lease;
  }

  /** Joins in the background: the coordinator may not be there yet. Called once. */
  void start() {
    Thread.ofVirtual().name("duty " + duty.name() + " joins").start(this::join);
  }

  /** Hands all shards back; returns when they are, or after a few seconds. */
  void stop() {
    Membership joined;
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
      joined = membership;
    } finally {
      lock.unlock();
    }
    if (joined != null) {
      joined.close();
    }
  }

  int shards() {
    return duty.shards();
  }

  /** Hands all shards back and takes part again once others had the time to take them. */
  void stepDown() {
    Membership left;
    lock.lock();
    try {
      left = stopped ? null : membership;
      membership = null;
    } finally {
      lock.unlock();
    }
    if (left == null) {
      return;
    }
    LOG.infof("Duty %s: stepping down", duty.name());
    left.close();
    Thread.ofVirtual()
        .name("duty " + duty.name() + " joins again")
        .start(
            () -> {
              if (pausedWhileWanted(coordinator.slack().plus(AWAY))) {
                join();
              }
            });
  }

  Set<Integer> held() {
    lock.lock();
    try {
      return new TreeSet<>(runs.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** See {@link Duties#runNow}. */
  int runNow(Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    List<CompletableFuture<Void>> requests =
        awaitAllShards(deadline - atMost.toNanos() / 2).stream().map(ShardRun::request).toList();
    int ended = 0;
    for (CompletableFuture<Void> request : requests) {
      ended += ended(request, deadline - System.nanoTime()) ? 1 : 0;
    }
    return ended;
  }

  /** Lets a shard run now, if this replica holds it. */
  void wake(String shard) {
    ShardRun run;
    lock.lock();
    try {
      run = runs.get(Integer.valueOf(shard));
    } catch (NumberFormatException e) {
      return; // another version's words
    } finally {
      lock.unlock();
    }
    if (run != null) {
      run.request();
    }
  }

  @Override
  public void gained(int shard, Lease held) {
    ShardRun run = new ShardRun(duty, shard, held, fences, sql);
    run.start();
    lock.lock();
    try {
      runs.put(shard, run);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void lost(int shard) {
    ShardRun run;
    lock.lock();
    try {
      run = runs.remove(shard);
    } finally {
      lock.unlock();
    }
    if (run != null) {
      run.stop(STOPPING);
    }
  }

  private void join() {
    Backoff backoff = new Backoff();
    while (!joined()) {
      Duration pause = backoff.failed();
      if (!pausedWhileWanted(pause)) {
        return;
      }
    }
  }

  /** Under no lock while it waits for the coordinator: a stop must not wait for that. */
  private boolean joined() {
    Membership joined;
    try {
      joined = coordinator.share(duty.name(), duty.shards(), lease, this);
    } catch (SkepException e) {
      LOG.warnf("Duty %s waits for the coordinator: %s", duty.name(), e.detail());
      return false;
    }
    boolean tooLate;
    lock.lock();
    try {
      membership = joined;
      tooLate = stopped;
    } finally {
      lock.unlock();
    }
    if (tooLate) {
      joined.close();
    }
    return true;
  }

  private boolean pausedWhileWanted(Duration pause) {
    lock.lock();
    try {
      long left = pause.toNanos();
      while (!stopped && left > 0) {
        left = changed.awaitNanos(left);
      }
      return !stopped;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  private List<ShardRun> awaitAllShards(long deadline) {
    lock.lock();
    try {
      long left = deadline - System.nanoTime();
      while (!stopped && runs.size() < duty.shards() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return List.copyOf(runs.values());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  private static boolean ended(CompletableFuture<Void> request, long nanos) {
    try {
      request.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StaleHolderException) {
        return false; // the shard is another holder's by now
      }
      throw new CompletionException(e.getCause());
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
