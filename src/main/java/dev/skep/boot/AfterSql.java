package dev.skep.boot;

import dev.skep.common.SkepException;
import dev.skep.domain.identity.Bootstrap.SignIn;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What a start does once {@code sql} is open: enters among the replicas on the same tables, then
 * makes the first administrator, then starts the parts. Each step is done once; a step that a store
 * was not there for is taken up again.
 */
@Singleton
final class AfterSql {

  private static final Logger LOG = Logger.getLogger(AfterSql.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Neighbours neighbours;
  private final FirstSignIn firstSignIn;
  private final List<Part> parts;

  private final ReentrantLock lock = new ReentrantLock();
  private final List<Part> started = new ArrayList<>();
  private boolean entered;
  private boolean signedIn;
  private volatile Optional<SignIn> signIn = Optional.empty();
  private volatile boolean stopping;
  private volatile @Nullable Thread waiting;

  AfterSql(Neighbours neighbours, FirstSignIn firstSignIn, @All List<Part> parts) {
    this.neighbours = neighbours;
    this.firstSignIn = firstSignIn;
    this.parts = parts;
  }

  /**
   * Does all that is left to do.
   *
   * @throws CannotStart when this replica must not run, or not so configured
   * @throws SkepException when a store fails meanwhile; what was done stays done
   */
  void start() {
    lock.lock();
    try {
      if (!entered) {
        neighbours.enter();
        neighbours.start(Ending::late);
        entered = true;
      }
      if (!signedIn) {
        // Before background work takes its share of the processor: somebody waits for these lines.
        signIn = firstSignIn.make();
        signedIn = true;
      }
      while (!stopping && started.size() < parts.size()) {
        Part next = parts.get(started.size());
        next.start();
        started.add(next);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * As {@link #start}, on a thread of its own and again until it succeeds; what can never succeed
   * ends the process.
   */
  void inBackground(Runnable done) {
    // Not a virtual one: a password may be hashed.
    waiting = Thread.ofPlatform().daemon().name("start").start(() -> untilDone(done));
  }

  private void untilDone(Runnable done) {
    Duration pause = FIRST_PAUSE;
    while (!stopping) {
      try {
        start();
        done.run();
        return;
      } catch (CannotStart e) {
        Ending.late(e);
        return;
      } catch (SkepException e) {
        LOG.warnf("The start is not over yet, and goes on: %s", e.detail());
      } catch (RuntimeException e) {
        LOG.error("The start failed at a step; it is tried again", e);
      }
      if (!paused(pause)) {
        return;
      }
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
  }

  /**
   * Stops the parts, the last one first, then leaves the other replicas; what hangs on a store is
   * left behind when the time is over.
   */
  void stop(Duration within) {
    stopping = true;
    Thread running = waiting;
    if (running != null) {
      running.interrupt();
    }
    if (!Bounded.run("stop", within, this::stopAll)) {
      LOG.warn("Stopping background work takes too long; it is left behind");
    }
  }

  private void stopAll() {
    lock.lock();
    try {
      for (Part part : started.reversed()) {
        try {
          part.stop();
        } catch (RuntimeException e) {
          LOG.warn("A part could not be stopped", e);
        }
      }
      started.clear();
      neighbours.stop();
    } finally {
      lock.unlock();
    }
  }

  /** Who can sign in with the session of this start, where that makes one. */
  Optional<SignIn> whoSignsIn() {
    return signIn;
  }

  private static boolean paused(Duration pause) {
    try {
      Thread.sleep(
          Duration.ofNanos(
              (long) (pause.toNanos() * ThreadLocalRandom.current().nextDouble(0.5, 1))));
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
