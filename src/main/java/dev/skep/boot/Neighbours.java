package dev.skep.boot;

import dev.skep.common.SkepException;
import dev.skep.domain.cluster.Heartbeat;
import dev.skep.domain.cluster.Heartbeats;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * This replica among the others on the same tables: enters before it touches anything, tells every
 * few seconds that it lives, and leaves. Where {@code sql} is embedded there can be no other, since
 * the data folder is locked; nothing is written then.
 */
@Singleton
final class Neighbours {

  private static final Logger LOG = Logger.getLogger(Neighbours.class);

  /**
   * @param beat how often a replica tells that it lives
   * @param dead how long a row that does not change is looked at before it counts as dead
   */
  record Pace(Duration beat, Duration dead) {
    static final Pace USUAL = new Pace(Duration.ofSeconds(3), Duration.ofSeconds(10));
  }

  private final Heartbeats heartbeats;
  private final Mixture mixture;
  private final Heartbeat own;
  private final boolean alone;
  private final Pace pace;

  private volatile boolean entered;
  private volatile boolean stopping;
  private @Nullable Thread beating;

  @Inject
  Neighbours(Heartbeats heartbeats, Choice choice, Self self) {
    this(
        heartbeats,
        choice,
        new Heartbeat(self.id(), self.version(), Mixture.drivers(choice), self.startedAt()),
        Pace.USUAL);
  }

  Neighbours(Heartbeats heartbeats, Choice choice, Heartbeat own, Pace pace) {
    this.heartbeats = heartbeats;
    this.mixture = new Mixture(choice, Catalogue.OF_THIS_BUILD);
    this.own = own;
    this.alone = choice.isEmbedded(Port.SQL);
    this.pace = pace;
  }

  /**
   * Enters; waits, where a row is in the way, until it is known whether its replica lives.
   *
   * @throws CannotStart when it does
   * @throws SkepException when {@code sql} fails
   */
  void enter() {
    while (!alone && !entered && !stopping) {
      List<Heartbeat> against = heartbeats.enter(own, mixture::isExcludedBy);
      if (against.isEmpty()) {
        entered = true;
      } else {
        LOG.infof(
            "Another replica has written that it runs on these tables with other drivers; looking"
                + " for %d s whether it still does",
            pace.dead().toSeconds());
        if (areDead(against)) {
          heartbeats.remove(against);
        }
      }
    }
  }

  /**
   * Tells from now on that this replica lives.
   *
   * @param refused takes the reason to end: this replica was taken for dead, and another one has
   *     started with which it cannot run
   */
  void start(Consumer<CannotStart> refused) {
    if (!alone) {
      beating = Thread.ofVirtual().name("heartbeat").start(() -> beat(refused));
    }
  }

  void stop() {
    stopping = true;
    Thread running = beating;
    if (running == null) {
      return;
    }
    running.interrupt();
    try {
      heartbeats.leave(own.replica());
    } catch (SkepException e) {
      LOG.debugf("The heartbeat could not be removed: %s", e.detail());
    }
  }

  private void beat(Consumer<CannotStart> refused) {
    while (pausedWhileWanted(pace.beat())) {
      try {
        if (!heartbeats.beat(own.replica())) {
          entered = false;
          enter();
        }
      } catch (CannotStart e) {
        refused.accept(e);
        return;
      } catch (SkepException e) {
        LOG.debugf("No heartbeat: %s", e.detail());
      } catch (RuntimeException e) {
        LOG.error("A heartbeat failed; the next one follows", e);
      }
    }
  }

  /**
   * Looks long enough to know; false where this replica is stopping and does not want to know.
   *
   * @throws CannotStart when one of them lives
   */
  private boolean areDead(List<Heartbeat> against) {
    long deadline = System.nanoTime() + pace.dead().toNanos();
    Map<UUID, Instant> first =
        against.stream().collect(Collectors.toMap(Heartbeat::replica, Heartbeat::at));
    while (System.nanoTime() - deadline < 0) {
      if (!pausedWhileWanted(pace.dead().dividedBy(10))) {
        return false;
      }
      List<Heartbeat> living =
          heartbeats.all().stream()
              .filter(row -> first.containsKey(row.replica()))
              .filter(row -> !row.at().equals(first.get(row.replica())))
              .toList();
      if (!living.isEmpty()) {
        throw new CannotStart(problems(living));
      }
    }
    return true;
  }

  /** One of each key: ten replicas with the same drivers are one problem. */
  private List<String> problems(List<Heartbeat> living) {
    Map<String, String> byKey = new LinkedHashMap<>();
    living.stream()
        .map(mixture::problems)
        .flatMap(List::stream)
        .forEach(problem -> byKey.putIfAbsent(problem.split("=", 2)[0], problem));
    return List.copyOf(byKey.values());
  }

  private boolean pausedWhileWanted(Duration pause) {
    try {
      Thread.sleep(pause);
      return !stopping;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
