package dev.skep.blackbox.cluster.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Client;
import dev.skep.blackbox.cluster.Replica;
import dev.skep.blackbox.cluster.Replicas;
import dev.skep.blackbox.cluster.Servers;
import dev.skep.testkit.tier.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Sixteen clients do random things to three replicas for a while, of which all and their servers
 * are killed, frozen and cut off meanwhile; afterwards nothing that was answered is untrue. {@code
 * -Dskep.history.seconds} sets how long, {@code -Dskep.history.seed} repeats the choices of a run,
 * though not their timing.
 */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("P3")
@Tag("P6")
@Tag("P8")
@Tag("P10")
final class HistoryTest {

  private static final int REPLICAS = 3;
  private static final int CLIENTS = 16;
  private static final int SHOWN = 30;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final long seconds = Long.getLong("skep.history.seconds", Tier.count(60, 1800));
  private final long seed = Long.getLong("skep.history.seed", System.nanoTime());
  private final History history = new History();
  private final LongAdder attempts = new LongAdder();
  private final LongAdder deeds = new LongAdder();
  private final List<Sharing> shares = new ArrayList<>();

  private Servers servers;
  private Replicas replicas;
  private Client admin;
  private World world;

  @BeforeAll
  void start() {
    System.out.printf(
        "a history of %d s: -Dskep.history.seed=%d -Dskep.history.seconds=%d%n",
        seconds, seed, seconds);
    servers = Servers.start();
    replicas =
        Replicas.on(servers)
            .with("SKEP_CONTENT_SWEEP_INTERVAL", "1s")
            // Longer than a replica is frozen in the middle of a download.
            .with("SKEP_CONTENT_GRACE", "30s");
    replicas.start(REPLICAS);
    admin = replicas.get(0).admin();
    world = new World(admin, CLIENTS);
    for (int i = 0; i < CLIENTS; i++) {
      Client guest = world.clients().get((i + 1) % CLIENTS);
      shares.add(Sharing.of(world.clients().get(i), guest, history));
    }
  }

  @AfterAll
  void end() {
    if (replicas != null) {
      replicas.close();
    }
    if (servers != null) {
      servers.close();
    }
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void nothingThatWasAnsweredIsUntrue() throws Exception {
    long began = System.nanoTime();
    long end = began + Duration.ofSeconds(seconds).toNanos();
    Nemesis nemesis = new Nemesis(replicas, servers, end);
    Random seeds = new Random(seed);
    Random harm = new Random(seeds.nextLong());
    Random moreHarm = new Random(seeds.nextLong());
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int client = 0; client < CLIENTS; client++) {
        running.add(threads.submit(player(client, seeds.nextLong(), end)));
      }
      running.add(threads.submit(() -> nemesis.harmReplicas(harm)));
      running.add(threads.submit(() -> nemesis.harmServers(moreHarm)));
    } finally {
      nemesis.healAll();
    }
    for (Future<?> each : running) {
      each.get();
    }
    double acted = since(began);
    awaitRest();
    double rested = since(began);
    Finale finale =
        new Finale(
            world,
            new Tables(servers),
            client -> asker(client, world.clients().get(client), new Random()),
            asker(-1, admin, new Random()));
    Found found = finale.look(shares);
    List<String> violations = new ArrayList<>(Checker.violations(history, found));
    violations.addAll(Logs.violations(replicas.everyOne(), nemesis.count(Nemesis.ENDED)));

    System.out.printf(
        "%d operations in %d requests; acted %.0f s, at rest after %.0f s, looked at after %.0f"
            + " s%n",
        deeds.sum(), attempts.sum(), acted, rested, since(began));
    System.out.println("the history: " + history.counts());
    System.out.println("the nemesis: " + nemesis.counts());
    System.out.printf(
        "found: %d nodes, %d versions downloaded, %d rows of outboxes, %d objects in S3%n",
        found.nodes.size(),
        finale.versions(),
        found.outbox.values().stream().mapToInt(java.util.Set::size).sum(),
        new Tables(servers).objects().size());
    assertThat(violations.stream().limit(SHOWN))
        .as("%d violations, with -Dskep.history.seed=%d", violations.size(), seed)
        .isEmpty();
    assertThatMuchHappened(nemesis);
    replicas.close();
    Sabotage.isFound(servers);
  }

  private Player player(int client, long chosen, long end) {
    Random random = new Random(chosen);
    Asker asker = asker(client, world.clients().get(client), random);
    Player.Deeds can =
        new Player.Deeds(
            new Files(world, asker, client, random),
            new Folders(world, asker, client, random),
            new Administration(asker(client, admin, random), client),
            client == 0,
            shares.get(client),
            shares.get((client + CLIENTS - 1) % CLIENTS));
    return new Player(asker, can, random, end, deeds);
  }

  private Asker.Site site() {
    return new Asker.Site(
        () -> replicas.all().stream().map(replica -> replica.skep().base()).toList(),
        attempts,
        history);
  }

  private Asker asker(int client, Client person, Random random) {
    return new Asker(site(), client, person.user(), person.secret(), random);
  }

  /** All replicas whole, all requests done, the sweeper through. */
  private void awaitRest() throws InterruptedException {
    while (replicas.all().size() < REPLICAS) {
      replicas.launch();
    }
    for (Replica replica : replicas.all()) {
      replica.awaitWhole(PATIENCE);
    }
    Tables tables = new Tables(servers);
    long end = System.nanoTime() + PATIENCE.toNanos();
    String before = "";
    String now = tables.pulse();
    // Longer than two looks of the sweeper.
    while (!(now.equals(before) && tables.isAtRest()) && System.nanoTime() < end) {
      Thread.sleep(3_000);
      before = now;
      now = tables.pulse();
    }
  }

  /** Else it would prove nothing. */
  private void assertThatMuchHappened(Nemesis nemesis) {
    Map<String, Long> counts = history.counts();
    assertThat(counts)
        .containsKeys(
            "write content DONE",
            "write content REFUSED",
            "write place DONE",
            "write right DONE",
            "write setting DONE",
            "read content",
            "read place",
            "read right",
            "purge DONE",
            "use of " + World.EDGE);
    assertThat(deeds.sum()).isGreaterThan(seconds * 5);
    assertThat(nemesis.count("replica killed")).isGreaterThanOrEqualTo((int) (seconds / 25));
    for (String server : List.of("MariaDB", "versitygw", "etcd", "Redis", "NATS")) {
      assertThat(nemesis.count(server + " killed")).as(server).isPositive();
    }
  }

  private static double since(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
