package dev.skep.blackbox.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.blackbox.Answer;
import dev.skep.blackbox.People;
import dev.skep.blackbox.cluster.Replica;
import dev.skep.blackbox.cluster.Replicas;
import dev.skep.blackbox.cluster.Servers;
import dev.skep.blackbox.cluster.Store;
import dev.skep.blackbox.cluster.history.Consistency;
import dev.skep.testkit.TinyDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Servers that have no room left, below one running replica: what has to be written is refused
 * clearly and in time, everything else goes on, the replica stays ready, and all works again as
 * soon as somebody has made room. {@link FaultsTest} has the cache that is full.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("P2")
final class FullStoresTest {

  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final Duration RECOVERY = Duration.ofSeconds(90);
  private static final Duration START = Duration.ofSeconds(150);

  /** Of the registry's entries. */
  private static final Duration LEASE = Duration.ofSeconds(4);

  private static final int MEBIBYTE = 1 << 20;

  /** Its redo log alone takes 96. */
  private static final long MARIA_DB = 256L * MEBIBYTE;

  private static final long BINLOG = 4L * MEBIBYTE;

  private static final long S3 = 96L * MEBIBYTE;

  /** The smallest that S3 allows. */
  private static final int PART = 5 * MEBIBYTE;

  /** Kept with the tree, in a row that fits into half a page of InnoDB. */
  private static final int IN_PAGE = 7_000;

  /** Kept with the tree, in a page of InnoDB beside its row. */
  private static final int OFF_PAGE = 16_000;

  private static final Set<Operation> NONE = EnumSet.noneOf(Operation.class);

  /** What is written to the tables; some of them may have room when others are full. */
  private static final Set<Operation> WRITTEN_TO_SQL =
      EnumSet.of(Operation.MAKE_FOLDER, Operation.UPLOAD_SMALL, Operation.UPLOAD, Operation.LOG_IN);

  /** What neither writes to the tables nor to the object store. */
  private static final Set<Operation> READS =
      EnumSet.of(
          Operation.LIST,
          Operation.LOOK_UP,
          Operation.DOWNLOAD_SMALL,
          Operation.DOWNLOAD,
          Operation.READ_SETTINGS,
          Operation.SEE_CLUSTER);

  private Servers servers;
  private Replicas replicas;
  private Replica replica;
  private Work work;
  private Footprint before;

  @BeforeAll
  void start() throws Exception {
    servers = Servers.startOn(Map.of("mariadb", MARIA_DB, "binlog", BINLOG, "s3", S3));
    replicas =
        Replicas.on(servers)
            .with("SKEP_OBJECTS_S3_PART_SIZE", Integer.toString(PART))
            .with("SKEP_REGISTRY_ETCD_LEASE", LEASE.toSeconds() + "s")
            .with("SKEP_CONTENT_GRACE", "1s")
            .with("SKEP_CONTENT_SWEEP_INTERVAL", "1s");
    replica = replicas.start();
    work = Work.begin(replica, new People(replica.admin()).person("anna"));
    Load load = Load.on(work);
    for (int i = 0; i < 3; i++) {
      Outcomes.of(work).judge(NONE, BOUND);
    }
    load.end();
    load.judge(NONE, BOUND);
    before = footprint();
  }

  @AfterAll
  void stop() {
    if (replicas != null) {
      replicas.close();
    }
    if (servers != null) {
      servers.close();
    }
  }

  // ---- the tables

  @Order(1)
  @Test
  void aFullDiskOfTheTablesRefusesWhatHasNoRoom() throws Exception {
    TinyDisk disk = servers.disk("mariadb");
    Outcomes during;
    boolean ended;
    Load load = Load.on(work, Refusal.FULL, Refusal.DOWN);
    try {
      disk.fill();
      firstRefusal(() -> work.upload(IN_PAGE));
      firstRefusal(() -> work.does(Operation.MAKE_FOLDER));
      during = Outcomes.of(work);
      ended = hasEnded(during);
      if (ended) {
        during.judgeMixture(BOUND);
      } else {
        during.judge(Refusal.FULL, EnumSet.of(Operation.MAKE_FOLDER), WRITTEN_TO_SQL, BOUND);
        assertThat(replica.isWhole()).as("what is full is not down").isTrue();
      }
      ended |= !servers.mariaDb().isRunning();
    } finally {
      disk.makeRoom();
      servers.mariaDb().mend();
      load.end();
    }
    Set<Operation> refused = ended ? EnumSet.allOf(Operation.class) : WRITTEN_TO_SQL;
    recovers("MariaDB's disk full" + told(ended), during, load.judge(refused, BOUND));
  }

  @Order(2)
  @Test
  void aValueThatLiesBesideItsRowHasNoRoom() throws Exception {
    TinyDisk disk = servers.disk("mariadb");
    boolean ended;
    Outcomes during;
    try {
      disk.fill();
      Answer refused = firstRefusal(() -> work.upload(OFF_PAGE));
      (Refusal.FULL.is(refused) ? Refusal.FULL : Refusal.DOWN)
          .isClear(Operation.UPLOAD_SMALL, refused);
      ended = Refusal.DOWN.is(refused) && ends(servers.mariaDb());
      during = Outcomes.of(work);
      during.judgeMixture(BOUND);
    } finally {
      disk.makeRoom();
      servers.mariaDb().mend();
    }
    recovers("MariaDB's disk full for 16 kB" + told(ended), during, "none");
  }

  /** MariaDB lets a commit wait for room then, and looks for it once a minute. */
  @Order(3)
  @Test
  void aFullDiskOfTheBinaryLogLetsNobodyWaitForEver() throws Exception {
    TinyDisk disk = servers.disk("binlog");
    servers.mariaDb().restartWith("--log-bin=" + disk.folder().resolve("log"), "--server-id=1");
    replica.awaitWhole(RECOVERY);
    Outcomes.awaitAllWork(work, RECOVERY);
    Duration waited;
    Answer refused;
    Outcomes during;
    try {
      disk.fill();
      AtomicLong began = new AtomicLong();
      refused =
          firstRefusal(
              () -> {
                began.set(System.nanoTime());
                return work.does(Operation.MAKE_FOLDER);
              });
      waited = Duration.ofNanos(System.nanoTime() - began.get());
      (Refusal.FULL.is(refused) ? Refusal.FULL : Refusal.DOWN)
          .isClear(Operation.MAKE_FOLDER, refused);
      assertThat(waited).isLessThan(BOUND);
      during = Outcomes.of(work, READS);
      during.judge(NONE, BOUND);
      assertThat(replica.isWhole()).as("what is full is not down").isTrue();
    } finally {
      disk.makeRoom();
    }
    String commit = "%s after %d ms".formatted(refused.text("code"), waited.toMillis());
    recovers("MariaDB's binary log full", during, commit);
  }

  /**
   * MariaDB 10.11 ends itself ("Out of disk space in rollback") where undoing a change needs room
   * too. Then it is down, until somebody has made room and started it again.
   */
  private boolean hasEnded(Outcomes during) throws InterruptedException {
    return during.answers().values().stream().anyMatch(Refusal.DOWN::is) && ends(servers.mariaDb());
  }

  private static String told(boolean ended) {
    return ended ? " (it has ended itself)" : "";
  }

  /** It takes a while to write down why. */
  private static boolean ends(Store server) throws InterruptedException {
    long end = System.nanoTime() + RECOVERY.toNanos();
    while (server.isRunning() && System.nanoTime() < end) {
      Thread.sleep(50);
    }
    return !server.isRunning();
  }

  private static Answer firstRefusal(Supplier<Answer> write) {
    for (int i = 0; i < 20_000; i++) {
      Answer answer = write.get();
      if (answer.status() != 201) {
        return answer;
      }
    }
    throw new AssertionError("the disk does not get full");
  }

  // ---- the objects

  @Order(4)
  @Test
  void aFullDiskOfTheObjectsRefusesUploadsOnly() throws Exception {
    TinyDisk disk = servers.disk("s3");
    Set<Operation> uploads = EnumSet.of(Operation.UPLOAD);
    Outcomes during;
    Load load = Load.on(work, Refusal.FULL);
    try {
      disk.fill();
      firstRefusal(() -> work.does(Operation.UPLOAD));
      during = Outcomes.of(work);
      during.judge(Refusal.FULL, uploads, uploads, BOUND);
      assertThat(replica.isWhole()).as("what is full is not down").isTrue();
    } finally {
      disk.makeRoom();
      load.end();
    }
    recovers("versitygw's disk full", during, load.judge(uploads, BOUND));
  }

  @Order(5)
  @Test
  void anUploadInPartsLeavesNoneOfThemWhereverTheRoomEnds() throws Exception {
    TinyDisk disk = servers.disk("s3");
    int length = 3 * PART;
    work.upload(length).is(201);
    long files = files();
    // None of it fits; one part does; all parts do, but not a copy of them.
    for (long room : new long[] {0, PART + MEBIBYTE, length + MEBIBYTE}) {
      long began = System.nanoTime();
      Answer answer;
      try {
        disk.fillUpTo(room);
        answer = work.upload(length);
      } finally {
        disk.makeRoom();
      }
      Refusal.FULL.isClear(Operation.UPLOAD, answer);
      System.out.printf(
          "versitygw with room for %d of %d bytes: refused after %d ms%n",
          room, length, Duration.ofNanos(System.nanoTime() - began).toMillis());
      assertThat(files()).as("files below versitygw").isEqualTo(files);
    }
    work.upload(length).is(201);
  }

  @Order(6)
  @Test
  void removingForGoodMakesRoomForTheNextUpload() throws Exception {
    TinyDisk disk = servers.disk("s3");
    int length = PART - MEBIBYTE;
    for (int i = 0; i < 4; i++) {
      work.upload(length).is(201);
    }
    try {
      disk.fill();
      Refusal.FULL.isClear(Operation.UPLOAD, work.upload(length));
      work.removesForGood(length);
      replica.await(RECOVERY, "has no room", () -> work.upload(length).status() == 201);
    } finally {
      disk.makeRoom();
    }
  }

  private long files() throws IOException {
    try (Stream<Path> all = Files.walk(servers.folder("s3"))) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  // ---- settings, registry, duties

  @Order(7)
  @Test
  void aFullEtcdRefusesChangesOfSettingsOnly() throws Exception {
    servers.etcd().restartWith("--quota-backend-bytes=" + 4 * MEBIBYTE);
    replica.awaitWhole(RECOVERY);
    Outcomes.awaitAllWork(work, RECOVERY);
    replica.await(RECOVERY, "holds no duty", () -> Signs.dutiesAreHeld(replica));
    EtcdSpace space = new EtcdSpace(servers.etcd());
    Set<Operation> settings = EnumSet.of(Operation.CHANGE_SETTING);
    Outcomes during;
    try {
      space.fill();
      during = Outcomes.of(work);
      during.judge(Refusal.FULL, settings, settings, BOUND);
      Thread.sleep(LEASE.multipliedBy(2));
      Outcomes.of(work).judge(Refusal.FULL, settings, settings, BOUND);
      assertThat(replica.admin().get("/cluster").is(200).json().path("replicas"))
          .as("the replicas, whose entries were written before")
          .hasSize(1);
      assertThat(Signs.dutiesAreHeld(replica)).as("duties go on").isTrue();
      assertThat(replica.isWhole()).as("what is full is not down").isTrue();
    } finally {
      space.makeRoom();
    }
    recovers("etcd full", during, "none");
  }

  // ---- afterwards

  private void recovers(String what, Outcomes during, String load) throws InterruptedException {
    long began = System.nanoTime();
    replica.awaitWhole(RECOVERY);
    Outcomes.awaitAllWork(work, RECOVERY);
    System.out.printf(
        "%s: the slowest of all operations %d ms; all works %d ms after there was room; load: %s;"
            + " %s%n",
        what,
        during.longest().toMillis(),
        Duration.ofNanos(System.nanoTime() - began).toMillis(),
        load,
        during.details());
  }

  @Order(8)
  @Test
  void nothingAcknowledgedIsLostAndNothingIsHalfDone() {
    int kept = work.findsWhatWasAcknowledged();
    int refused = work.findsNothingThatWasRefused();
    System.out.printf("%d uploads acknowledged, lost 0; %d refused, there 0%n", kept, refused);
    assertThat(kept).isGreaterThan(25);
    assertThat(refused).isGreaterThan(5);
    replica.await(
        RECOVERY,
        "does not come to rest: " + Consistency.violations(servers),
        () -> Consistency.violations(servers).isEmpty());
    Signs.noFaultOfSkep(replica);
  }

  @Order(9)
  @Test
  void nothingIsLeftBehind() {
    Footprint[] after = {footprint()};
    replica.await(
        RECOVERY,
        "holds more than before: " + before + " became " + after[0],
        () -> {
          after[0] = footprint();
          return after[0].isWithin(before, 16);
        });
    System.out.printf("full stores: %s became %s%n", before, after[0]);
  }

  private Footprint footprint() {
    try {
      return Footprint.of(replica.skep());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
