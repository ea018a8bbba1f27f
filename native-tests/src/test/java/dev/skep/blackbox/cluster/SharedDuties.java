package dev.skep.blackbox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Client;
import dev.skep.blackbox.People;
import dev.skep.testkit.server.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Background work is shared out; each shard has one holder, and an old one is refused. */
@Tag("P11")
@Tag("P12")
abstract class SharedDuties {

  private static final int PURGED = 60;
  private static final Pattern SHARD = Pattern.compile("sweeper/[0-9]+");

  /** A new division, a registry that is told every two seconds, and a busy machine. */
  private static final Duration QUIET = Duration.ofSeconds(40);

  /** Beyond what is promised: a new holder begins at its first turn, on a busy machine. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private final Replicas replicas;
  private final Servers servers;
  private final People people;

  SharedDuties(Replicas replicas) {
    this.replicas = replicas;
    this.servers = replicas.servers();
    this.people = new People(replicas.get(0).admin());
  }

  @Test
  void eachReplicaHoldsAShareAndEachShardHasOneHolder() {
    awaitDivision();
    for (Replica asked : replicas.all()) {
      Shares shares = Shares.at(asked);
      assertThat(shares.holders())
          .hasSize(19)
          .containsKeys("answers/0", "credentials/0", "outbox-retention/0");
      for (Replica each : replicas.all()) {
        // 16 shards and three replicas.
        assertThat(shares.of(each)).as("what %s holds: %s", each, shares).hasSizeBetween(5, 6);
      }
      assertThat(new TreeSet<>(shares.holders().values())).isEqualTo(ids(replicas.all()));
    }
  }

  @Test
  void theDutiesOfOneThatWasKilledAreTakenOverWithinTheLease() {
    awaitDivision();
    Replica victim = replicas.get(0);
    Replica witness = replicas.get(1);
    Shares before = Shares.at(witness);
    Set<String> orphans = before.of(victim);
    assertThat(orphans).isNotEmpty();

    victim.kill();
    long killed = System.nanoTime();
    TreeMap<String, Long> takenOver = new TreeMap<>();
    await(
        "a new holder of each of " + orphans,
        Shares.LEASE.plus(Shares.SLACK).plus(QUIET),
        () -> {
          Shares now = Shares.at(witness);
          long millis = (System.nanoTime() - killed) / 1_000_000;
          orphans.stream()
              .filter(shard -> now.tokens().get(shard) > before.tokens().get(shard))
              .forEach(shard -> takenOver.putIfAbsent(shard, millis));
          return takenOver.size() == orphans.size();
        });
    System.out.println(
        "after kill -9 work went on after "
            + takenOver
            + " ms; lease "
            + Shares.LEASE.toMillis()
            + ", slack "
            + Shares.SLACK.toMillis());
    assertThat(takenOver.values())
        .allMatch(
            millis ->
                millis
                    <= Shares.LEASE
                        .plus(Shares.SLACK)
                        .plus(Shares.INTERVAL)
                        .plus(TOLERANCE)
                        .toMillis());

    replicas.start();
    awaitDivision();
  }

  /**
   * It is stopped while a write of its work is on the way to the database: so nothing that it could
   * look at by itself, lease or clock, keeps that write back. It arrives when a newer holder has
   * begun.
   */
  @Test
  void aReplicaStoppedBeyondItsLeaseIsRefusedByItsToken() {
    // The server spells out the parameters of what is prepared while it writes this.
    logStatements("early.log");
    Replica stale = replicas.startApart();
    try {
      awaitDivision();
      awaitWork(stale);
      String slug = people.workspace("swept");
      Iterator<String> trash = trash(slug).iterator();
      TcpProxy line = stale.line(servers.mariaDb());
      line.holdFrom(Shares.SWEEPER);
      while (trash.hasNext() && line.held().isEmpty()) {
        purge(trash.next());
      }
      await("a write of the sweeper on its way", QUIET, () -> !line.held().isEmpty());
      stale.freeze();
      String shard = shardOf(line.held().getFirst());
      long old = token(shard);

      Replica witness = replicas.get(0);
      await(
          "a new holder of " + shard,
          Shares.LEASE.plus(Shares.SLACK).plus(QUIET),
          () -> Shares.at(witness).tokens().get(shard) > old);
      logStatements("late.log");
      List<String> late = line.held();
      line.release();
      await("the late write at the server", QUIET, () -> arrivedLate(shard, old));
      long newer = token(shard);
      stale.thaw();
      trash.forEachRemaining(this::purge);

      assertThat(newer).isGreaterThan(old);
      await("all that was purged to be gone", QUIET, () -> purged() == 0);
      assertThat(token(shard)).isGreaterThanOrEqualTo(newer);
      assertThat(admin().get("/workspaces/" + slug).is(200).json().path("used").asLong(-1))
          .as("what is given back, once")
          .isZero();
      awaitDivision();
      System.out.printf(
          "a replica was stopped holding token %d of %s; %d was at work when its %d late writes"
              + " arrived. It says: %s%n",
          old, shard, newer, late.size(), refusals(stale));
    } finally {
      servers.sqlAsRoot("SET GLOBAL general_log = 0");
      stale.thaw();
      stale.kill();
    }
  }

  /** Every shard is held by one that lives, and every replica that lives holds a share. */
  private void awaitDivision() {
    Set<String> living = ids(replicas.all());
    int least = 16 / living.size();
    await(
        "all duties to be shared out among " + living,
        QUIET.plus(Shares.LEASE),
        () ->
            replicas.all().stream()
                .map(Shares::at)
                .allMatch(
                    shares ->
                        shares.areAllHeldBy(living)
                            && replicas.all().stream()
                                .allMatch(each -> shares.of(each).size() >= least)));
  }

  /** Waits until it has begun to work on each of its shards. */
  private void awaitWork(Replica replica) {
    List<List<Long>> seen = new ArrayList<>();
    await(
        replica + " to be at work",
        QUIET,
        () -> {
          Shares now = Shares.at(replica);
          seen.add(now.of(replica).stream().map(now.tokens()::get).toList());
          pause(Shares.INTERVAL.toMillis());
          // Whoever gains a shard begins to work within the interval: then its tokens stay.
          return seen.size() > 3
              && seen.getLast().stream().allMatch(token -> token > 0)
              && seen.subList(seen.size() - 3, seen.size()).stream().distinct().count() == 1;
        });
  }

  /** Enough to be purged that each shard has something to do. */
  private List<String> trash(String slug) {
    List<String> files = new ArrayList<>();
    for (int i = 0; i < PURGED; i++) {
      files.add(admin().put("/files/" + slug + "/file-" + i, "text " + i).is(201).id());
      admin().delete("/nodes/" + files.getLast()).is(204);
    }
    return files;
  }

  private void purge(String file) {
    admin().delete("/trash/" + file).is(204);
  }

  private long purged() {
    return servers.number("SELECT COUNT(*) FROM purged_node");
  }

  private long token(String shard) {
    return servers.number("SELECT number FROM fence WHERE duty = '" + shard + "'");
  }

  /** From now on the server writes all statements into this file of its folder. */
  private void logStatements(String file) {
    servers.sqlAsRoot("SET GLOBAL general_log_file = '" + file + "'; SET GLOBAL general_log = 1");
  }

  /** Whether the server has got the old holder's claim to write. */
  private boolean arrivedLate(String shard, long token) {
    try {
      // Parameters are bytes of any kind.
      return Files.readString(
              servers.folder("mariadb").resolve("late.log"), StandardCharsets.ISO_8859_1)
          .lines()
          .anyMatch(
              line ->
                  line.contains("UPDATE fence")
                      && line.contains("number = " + token + " ")
                      && line.contains("'" + shard + "'"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> refusals(Replica replica) {
    return replica
        .skep()
        .output()
        .lines()
        .filter(line -> line.contains("Duty sweeper"))
        .map(line -> line.replaceAll(".*(Duty sweeper[^\"]*).*", "$1"))
        .distinct()
        .limit(6)
        .toList();
  }

  private static String shardOf(String bytes) {
    Matcher shard = SHARD.matcher(bytes);
    assertThat(shard.find()).as(bytes).isTrue();
    return shard.group();
  }

  private Client admin() {
    return replicas.get(0).admin();
  }

  private static Set<String> ids(Collection<Replica> replicas) {
    return replicas.stream().map(Replica::id).collect(Collectors.toCollection(TreeSet::new));
  }

  private static void await(String what, Duration patience, BooleanSupplier condition) {
    long end = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("waiting for %s", what).isNegative();
      pause(100);
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
