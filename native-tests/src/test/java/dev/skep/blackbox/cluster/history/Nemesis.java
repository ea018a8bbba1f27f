package dev.skep.blackbox.cluster.history;

import dev.skep.blackbox.cluster.Replica;
import dev.skep.blackbox.cluster.Replicas;
import dev.skep.blackbox.cluster.Servers;
import dev.skep.blackbox.cluster.Store;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Does harm: at most one replica and one server at a time, each by a thread of its own, and heals
 * what it has harmed before it goes on.
 */
final class Nemesis {

  /** Longer than its leases, which end after 10 s. */
  private static final int FROZEN_MILLIS = 13_000;

  private static final Duration START = Duration.ofSeconds(150);

  /** Of the replicas that ended though nobody killed them: the number. */
  static final String ENDED = "replica ended by itself";

  /** One kind of harm to a server, until it is mended. */
  private record Harm(String name, int leastMillis, int mostMillis) {}

  private static final Harm KILLED = new Harm("killed", 0, 1_500);

  private static final List<Harm> HARMS =
      List.of(
          KILLED,
          KILLED,
          KILLED,
          new Harm("cut off", 500, 3_000),
          new Harm("silent", 1_000, 6_000),
          new Harm("without answers", 300, 1_500),
          new Harm("reset", 0, 100));

  private final Replicas replicas;
  private final Servers servers;
  private final long end;
  private final Map<String, Integer> counts = new ConcurrentSkipListMap<>();

  Nemesis(Replicas replicas, Servers servers, long end) {
    this.replicas = replicas;
    this.servers = servers;
    this.end = end;
  }

  Map<String, Integer> counts() {
    return new TreeMap<>(counts);
  }

  /** How often it did something whose name begins so. */
  int count(String prefix) {
    return counts.entrySet().stream()
        .filter(each -> each.getKey().startsWith(prefix))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /** Until the end: kills replicas and starts others, or freezes one beyond its leases. */
  void harmReplicas(Random random) {
    int count = replicas.all().size();
    for (int i = 1; goesOn(); i++) {
      sleep(random, 500, 3_000);
      for (int missing = count - replicas.all().size(); missing > 0; missing--) {
        did(ENDED);
        startOne();
      }
      List<Replica> running = replicas.all();
      Replica victim = running.get(random.nextInt(running.size()));
      if (i % 4 == 0) {
        did("replica frozen");
        victim.freeze();
        sleep(random, FROZEN_MILLIS, FROZEN_MILLIS + 2_000);
        victim.thaw();
      } else {
        did("replica killed");
        victim.kill();
        sleep(random, 0, 1_000);
        startOne();
      }
    }
  }

  private void startOne() {
    Replica next = replicas.launch();
    next.await(START, "is not ready", next::isReady);
  }

  /** Until the end: each server in turn, and killed the first time, so that none is spared. */
  void harmServers(Random random) {
    List<Store> stores = servers.all();
    int first = random.nextInt(stores.size());
    for (int i = 0; goesOn(); i++) {
      sleep(random, 1_000, 4_000);
      Store store = stores.get((first + i) % stores.size());
      Harm harm = i < stores.size() ? KILLED : HARMS.get(random.nextInt(HARMS.size()));
      did(store.name() + " " + harm.name());
      strike(store, harm);
      sleep(random, harm.leastMillis(), harm.mostMillis());
      store.mend();
    }
  }

  private static void strike(Store store, Harm harm) {
    switch (harm.name()) {
      case "killed" -> store.kill();
      case "cut off" -> store.cut();
      case "silent" -> store.silence();
      case "without answers" -> store.loseAnswers();
      case "reset" -> store.reset();
      default -> throw new IllegalArgumentException(harm.name());
    }
  }

  /** All servers and lines are well, and nobody is frozen. */
  void healAll() {
    servers.mend();
    replicas.all().forEach(Replica::thaw);
  }

  private boolean goesOn() {
    return System.nanoTime() < end;
  }

  private void did(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  private static void sleep(Random random, int least, int most) {
    try {
      Thread.sleep(random.nextInt(least, most + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
