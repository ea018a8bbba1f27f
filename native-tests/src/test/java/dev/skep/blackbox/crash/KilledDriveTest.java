package dev.skep.blackbox.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.blackbox.Client;
import dev.skep.blackbox.Skep;
import dev.skep.testkit.tier.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * P1 and P6 for the whole drive: {@code kill -9}, again and again, while a folder is uploaded,
 * folders are moved, restored and purged and, in some rounds, a file of 2 GB comes in, all at once.
 * After each restart every answer that was given holds, what was cut off has happened whole or not
 * at all, and blobs and rows agree.
 */
@Tag("slow")
@Tag("P1")
@Tag("P6")
final class KilledDriveTest {

  /** More of them, for a longer look, by {@code -Dskep.crash.rounds}. */
  private static final int ROUNDS = Integer.getInteger("skep.crash.rounds", Tier.count(8, 100));

  private static final int BIG_EVERY = 4;
  private static final int CHECK_EVERY = 4;

  /** The most bytes that are kept in the database: most actors write both kinds. */
  static final int SMALL = 50;

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path data = Skep.newFolder("skep-data");
  private final Path temporary = Skep.newFolder("tmp");
  private final Random random = new Random();
  private final FolderUpload uploads = new FolderUpload();
  private final BigUpload big = new BigUpload(round -> round % BIG_EVERY == 0);
  private final FolderMove moves = new FolderMove();
  private final TrashRestore restores = new TrashRestore();
  private final VersionRestore versions = new VersionRestore();
  private final Purge purges = new Purge(ROUNDS + 2);
  private final List<Actor> actors = List.of(uploads, big, moves, restores, versions, purges);

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS) // in the soak
  void everyAnswerHoldsAndNothingIsThereByHalf() throws Exception {
    long began = System.nanoTime();
    prepare();
    for (int round = 1; round <= ROUNDS; round++) {
      live(round);
      if (round % CHECK_EVERY == 0) {
        assertBlobsAndRowsAgree();
      }
    }
    try (Skep skep = start()) {
      theWholeDriveIsAsItWasAnswered(skep.admin());
      onlyNamedBlobsAreLeft(skep.admin());
    }
    assertBlobsAndRowsAgree();
    System.out.printf("%d kills of the whole drive (%.0f s):%n", ROUNDS, seconds(began));
    actors.forEach(actor -> System.out.println("  " + actor));
    System.out.printf(
        "  found: %d uploaded files, %d of 2 GB; no missing, no damaged, no unnamed%n",
        uploads.files(), big.files());
    assertThat(actors)
        .allSatisfy(
            actor -> assertThat(actor.kills()).isGreaterThanOrEqualTo(ROUNDS / BIG_EVERY - 1));
    for (Actor actor : List.of(uploads, moves, restores, versions)) {
      assertThat(actor.kills()).as(actor.toString()).isGreaterThanOrEqualTo(ROUNDS * 2 / 3);
    }
    assertThat(purges.inSlices()).as(purges.toString()).isGreaterThanOrEqualTo(Tier.count(0, 5));
    remove();
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  /** The sweeper looks often and waits little, so that its work is under the kills too. */
  private Skep start() {
    return setup().start();
  }

  private Skep.Setup setup() {
    return Skep.on(data)
        .javaOption("-Djava.io.tmpdir=" + temporary)
        .javaOption("-XX:TieredStopAtLevel=4") // gigabytes are hashed
        .with("SKEP_CONTENT_SMALL", Integer.toString(SMALL))
        .with("SKEP_CONTENT_SWEEP_INTERVAL", "100ms")
        .with("SKEP_CONTENT_ANNOUNCE_DEADLINE", "30s")
        .with("SKEP_CONTENT_GRACE", "1s");
  }

  private void prepare() throws Exception {
    try (Skep skep = start()) {
      Client admin = skep.admin();
      for (Actor actor : actors) {
        actor.prepare(admin);
      }
      System.out.printf("One upload of 2 GB took %.1f s%n", big.whole(admin).toMillis() / 1e3);
      skep.kill();
    }
  }

  /** One life: verifies what the one before has left, then works until it is killed. */
  private void live(int number) throws Exception {
    try (Skep skep = start()) {
      actors.forEach(actor -> actor.verify(skep.admin()));
      assertNothingUnfinished();
      Round round = new Round(number, life(number));
      for (Future<?> each : workUntilKilled(skep, round)) {
        each.get();
      }
      actors.forEach(actor -> actor.count(round));
    }
  }

  private List<Future<?>> workUntilKilled(Skep skep, Round round) {
    List<Future<?>> running = new ArrayList<>();
    Client admin = skep.admin();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (Actor actor : actors) {
        for (int thread = 0; thread < actor.threads(); thread++) {
          int own = thread;
          running.add(threads.submit(() -> actor.run(admin, own, round)));
        }
      }
      round.awaitDeath(Duration.ZERO);
      round.killed();
      skep.kill();
    }
    return running;
  }

  private Duration life(int round) {
    long most = round % BIG_EVERY == 0 ? Math.max(1500, big.took().toMillis()) : 1500;
    return Duration.ofMillis(400 + random.nextLong(most));
  }

  /** Of an upload that was cut off nothing is left, though nothing of it was ever named. */
  private void assertNothingUnfinished() throws IOException {
    try (Stream<Path> unfinished = Files.list(data.resolve("objects/tmp"))) {
      assertThat(unfinished).isEmpty();
    }
  }

  private void assertBlobsAndRowsAgree() {
    Skep check = setup().arguments("check", "--embedded").launch();
    int exitCode = check.awaitEnd(PATIENCE);
    assertThat(check.output()).isEqualTo("no missing, no damaged, no unnamed\n");
    assertThat(exitCode).isZero();
  }

  private void theWholeDriveIsAsItWasAnswered(Client admin) {
    actors.forEach(actor -> actor.verify(admin));
    restores.restoreAll(admin);
    purges.restoreAll(admin);
    uploads.assertAllIn(home(admin));
  }

  private static Tree home(Client admin) {
    return Tree.of(admin, admin.get("/nodes/lookup?path=/home").is(200).id());
  }

  /**
   * Once the graces are over, each blob is one that a version names, and the quotas tell no more.
   */
  private void onlyNamedBlobsAreLeft(Client admin) throws Exception {
    Tree home = home(admin);
    Tree team = Tree.of(admin, admin.get("/workspaces/" + Purge.WORKSPACE).is(200).text("rootId"));
    Set<String> contents = new HashSet<>(Set.of(versions.etagOfBlob().replace("\"", "")));
    Stream.of(home, team)
        .flatMap(tree -> tree.files().stream())
        .filter(file -> file.path("size").asLong() > SMALL)
        .map((JsonNode file) -> file.path("etag").asText())
        .forEach(contents::add);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (blobs() != contents.size() && System.nanoTime() < deadline) {
      Thread.sleep(200);
    }
    assertThat(blobs())
        .as("blobs, of as many contents that are not small")
        .isEqualTo(contents.size());
    assertThat(Purge.used(admin)).as("used of the team").isEqualTo(team.bytes());
    assertThat(Long.parseLong(admin.get("/me").is(200).text("used")))
        .as("used of the home")
        .isEqualTo(home.bytes() + versions.olderBytes(admin));
  }

  private long blobs() throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("objects/blobs"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  /** Gigabytes, which nobody needs once all was well. */
  private void remove() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }
}
