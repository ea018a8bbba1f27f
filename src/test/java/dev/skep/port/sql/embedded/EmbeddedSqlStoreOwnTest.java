package dev.skep.port.sql.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.Statement;
import dev.skep.port.sql.Tx;
import dev.skep.testkit.TinyDisk;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only SQLite in a folder promises: P1, P2, P17 and its start. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("P1")
@Tag("P2")
@Tag("P17")
class EmbeddedSqlStoreOwnTest {

  private static final Statement ADD = new Text("INSERT INTO counter VALUES (?, ?)");
  private static final Statement COUNT = new Text("SELECT count(*) AS n FROM counter");
  private static final Statement DELETE_SOME =
      new Text(
          "DELETE FROM counter WHERE name IN (SELECT name FROM counter ORDER BY name LIMIT 50)");

  private static final long PROMISED_MILLIS = 50;

  @TempDir Path temp;

  private final List<EmbeddedSqlStore> opened = new ArrayList<>();

  private record Text(String sql) implements Statement {
    @Override
    public String name() {
      return sql;
    }
  }

  @AfterEach
  void close() {
    opened.forEach(EmbeddedSqlStore::close);
    opened.clear();
  }

  @Test
  void writesAreForcedAndForeignKeysAreOff() {
    EmbeddedSqlStore store = open(temp.resolve("sql"));
    assertThat(pragma(store, "synchronous")).isEqualTo(2);
    assertThat(pragma(store, "foreign_keys")).isZero();
    assertThat(pragma(store, "wal_autocheckpoint")).isZero();
  }

  @Test
  void whatWasDeletedIsGivenBackToTheDiskWhileNothingIsWritten() throws Exception {
    Path folder = temp.resolve("sql");
    EmbeddedSqlStore store = open(folder);
    for (int i = 0; i < 60; i++) {
      String name = "x".repeat(500_000) + i;
      store.write(tx -> tx.update(ADD, name, 1));
    }
    assertThat(Files.size(folder.resolve("skep.db"))).isGreaterThan(20_000_000);

    store.write(tx -> tx.update(new Text("DELETE FROM counter")));

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (Files.size(folder.resolve("skep.db")) + Files.size(folder.resolve("skep.db-wal"))
        > 6_000_000) {
      assertThat(System.nanoTime()).as("the files did not shrink").isLessThan(deadline);
      Thread.sleep(50);
    }
    store.write(tx -> tx.update(ADD, "next", 1));
    long left = store.read(tx -> tx.one(COUNT).orElseThrow().number("n"));
    assertThat(left).isEqualTo(1);
  }

  @Test
  void theFolderIsMadeAndClosedToOtherUsers() throws Exception {
    Path folder = temp.resolve("a/b/sql");
    open(folder).write(tx -> tx.update(ADD, "a", 1));
    assertThat(permissions(folder)).isEqualTo("rwx------");
    try (var files = Files.list(folder)) {
      assertThat(files)
          .hasSizeGreaterThan(2)
          .allMatch(file -> permissions(file).equals("rw-------"));
    }
  }

  @Test
  void aFolderInUseIsRefusedByName() {
    open(temp.resolve("sql"));
    assertThatThrownBy(() -> open(temp.resolve("sql")))
        .isInstanceOfSatisfying(
            CannotOpen.class, e -> assertThat(e.key()).isEqualTo("skep.sql.embedded.folder"))
        .hasMessageContaining("in use by another process");
  }

  @Test
  void aFolderThatCannotBeMadeIsRefusedByName() throws Exception {
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> open(file.resolve("sql")))
        .isInstanceOfSatisfying(
            CannotOpen.class, e -> assertThat(e.key()).isEqualTo("skep.sql.embedded.folder"))
        .hasMessageContaining(file.resolve("sql").toString())
        .hasMessageContaining("Make it writable");
  }

  @Test
  void dataOfANewerVersionIsRefusedAndUntouched() {
    Path folder = temp.resolve("sql");
    EmbeddedSqlStore newer = open(folder);
    newer.write(
        tx ->
            tx.update(
                new Text(
                    "INSERT INTO flyway_schema_history SELECT 7, '7', 'later', type, script,"
                        + " checksum, installed_by, installed_on, execution_time, success FROM"
                        + " flyway_schema_history")));
    newer.close();
    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(CannotOpen.class)
        .hasMessageContaining("written by a newer Skep (schema 7; this one knows 1)");
    // The lock was given back.
    assertThatThrownBy(() -> open(folder)).hasMessageContaining("newer Skep");
  }

  @Test
  void damagedDataIsRefusedByName() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("sql"));
    Files.writeString(folder.resolve("skep.db"), "this is no database at all".repeat(100));
    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(CannotOpen.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void theListOfMigrationsIsTheFolderOfTheArtefact() throws Exception {
    try (var files = Files.list(Path.of("src/main/resources/db/sqlite"))) {
      assertThat(files.map(each -> each.getFileName().toString()).sorted())
          .containsExactlyElementsOf(Migrations.DRIVE.files());
    }
  }

  @Test
  void beforeItIsOpenAndAfterItIsClosedItIsUnavailable() {
    EmbeddedSqlStore store = new EmbeddedSqlStore(() -> temp.resolve("sql"), CONTRACT);
    assertUnavailable(catchThrowable(() -> store.read(tx -> 1)));
    store.close();
    store.open();
    store.check();
    store.close();
    assertUnavailable(catchThrowable(() -> store.write(tx -> 1)));
    assertUnavailable(catchThrowable(store::check));
  }

  @Test
  void changesThatWaitTogetherAreCommittedTogether() throws Exception {
    Path folder = temp.resolve("sql");
    EmbeddedSqlStore store = open(folder);
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Thread holder = Thread.ofVirtual().start(() -> store.write(tx -> hold(held, release)));
    held.await();
    int before = commits(folder);
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String name = "c" + i;
      writers.add(Thread.ofVirtual().start(() -> store.write(tx -> tx.update(ADD, name, 1))));
    }
    Thread.sleep(500);
    release.countDown();
    holder.join();
    for (Thread each : writers) {
      each.join();
    }
    assertThat(count(store)).isEqualTo(20);
    assertThat(commits(folder) - before).isEqualTo(1);
  }

  @Test
  void aWriteThatNeverStartedIsRefusedAndNeverRuns() throws Exception {
    EmbeddedSqlStore store =
        new EmbeddedSqlStore(
            () -> temp.resolve("sql"),
            CONTRACT,
            new Limits(Duration.ofSeconds(5), Duration.ofMillis(300), Reserve.BYTES));
    opened.add(store);
    store.open();
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger ran = new AtomicInteger();
    Thread holder =
        Thread.ofVirtual()
            .start(() -> catchThrowable(() -> store.write(tx -> hold(held, release))));
    held.await();
    assertUnavailable(catchThrowable(() -> store.write(tx -> ran.incrementAndGet())));
    release.countDown();
    holder.join();
    store.write(tx -> 0);
    assertThat(ran).hasValue(0);
  }

  /** P17, in a JVM with one carrier: on the caller's thread the sleeper would freeze all others. */
  @Test
  @Tag("alone")
  void anUnrelatedVirtualThreadRunsWhileAHolderSleepsAndWritersWait() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.virtualThreadScheduler.parallelism=1",
                "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                OneCarrier.class.getName(),
                temp.resolve("sql").toString())
            .redirectError(temp.resolve("errors").toFile())
            .redirectOutput(temp.resolve("output").toFile())
            .start();
    assertThat(child.waitFor(90, TimeUnit.SECONDS)).isTrue();
    String output = Files.readString(temp.resolve("output"));
    assertThat(child.exitValue()).as(Files.readString(temp.resolve("errors"))).isZero();
    long[] worst =
        Stream.of(output.strip().lines().toList().getLast().split(" "))
            .mapToLong(Long::parseLong)
            .sorted()
            .toArray();
    System.out.println("an unrelated virtual thread waited at most ms: " + Arrays.toString(worst));
    assertThat(worst).hasSize(OneCarrier.HOLDS);
    assertThat(worst[worst.length / 2]).as("ms of the median hold").isLessThan(PROMISED_MILLIS);
  }

  /** A child: prints the longest time that a virtual thread did not get its carrier. */
  static final class OneCarrier {

    static final int HOLDS = 5;
    static final long HOLD_MILLIS = 800;

    public static void main(String[] arguments) throws Exception {
      EmbeddedSqlStore store = new EmbeddedSqlStore(() -> Path.of(arguments[0]), CONTRACT);
      store.open();
      store.write(tx -> tx.update(ADD, "a", 1));
      store.read(tx -> tx.query(COUNT));
      List<String> worst = new ArrayList<>();
      for (int i = 0; i < HOLDS; i++) {
        worst.add(Long.toString(worstOfOneHold(store, i)));
      }
      store.close();
      System.out.println();
      System.out.println(String.join(" ", worst));
    }

    private static long worstOfOneHold(EmbeddedSqlStore store, int number) throws Exception {
      CountDownLatch held = new CountDownLatch(1);
      Thread holder = Thread.ofVirtual().start(() -> store.write(tx -> sleep(held)));
      held.await();
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        String name = "w" + number + "-" + i;
        writers.add(Thread.ofVirtual().start(() -> store.write(tx -> tx.update(ADD, name, 1))));
      }
      long[] worst = {0};
      Thread unrelated =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (holder.isAlive()) {
                      long before = System.nanoTime();
                      Thread.yield();
                      pause(5);
                      worst[0] = Math.max(worst[0], (System.nanoTime() - before) / 1_000_000);
                    }
                  });
      holder.join();
      unrelated.join();
      for (Thread each : writers) {
        each.join();
      }
      return worst[0];
    }

    private static int sleep(CountDownLatch held) {
      held.countDown();
      pause(HOLD_MILLIS);
      return 0;
    }

    private static void pause(long millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** P2: on a file system of 4 MiB, of which one is given back later. */
  @Test
  void aFullDiskIsToldNothingIsLostAndAllGoesOnOnceThereIsRoom() throws Exception {
    Path small = Files.createDirectory(temp.resolve("small"));
    int status = run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small.toString());
    if (status != 0) {
      System.out.println("a tmpfs cannot be mounted here: mount ended with " + status);
    }
    Assumptions.assumeTrue(status == 0, "needs the right to mount a tmpfs");
    try {
      Path ballast = Files.write(small.resolve("ballast"), new byte[1 << 20]);
      EmbeddedSqlStore store = open(small.resolve("sql"), 256 << 10);
      int added = fill(store);
      System.out.println("rows until the disk was full: " + added);
      assertThat(count(store)).isEqualTo(added);
      Files.delete(ballast);
      while (count(store) > 0) {
        store.write(tx -> tx.update(DELETE_SOME));
      }
      store.write(tx -> tx.update(ADD, "after", 1));
      assertThat(count(store)).isEqualTo(1);
      store.close();
      opened.clear();
      assertThat(count(open(small.resolve("sql")))).isEqualTo(1);
    } finally {
      close();
      run("umount", "-l", small.toString());
    }
  }

  /** P2: another process has taken the last byte. */
  @Test
  void onADiskWithoutAFreeByteWhatMakesRoomWorksAndAllElseIsRefused() throws Exception {
    try (TinyDisk tiny = TinyDisk.of(temp.resolve("tiny"), 40 << 20)) {
      Path folder = tiny.folder().resolve("sql");
      EmbeddedSqlStore store = open(folder);
      assertThat(folder.resolve("reserve")).hasSize(Reserve.BYTES);
      for (int i = 0; i < 600; i++) {
        String name = i + "x".repeat(2000);
        store.write(tx -> tx.update(ADD, name, 1));
      }
      Path ballast = tiny.folder().resolve("ballast");
      Files.write(ballast, new byte[(int) tiny.free()]);
      assertThat(tiny.free()).isZero();

      assertThat(fill(store)).as("rows in the room of the log").isLessThan(2_000);
      assertThat(tiny.free()).isZero();
      long all = count(store);
      int deletions = 0;
      while (count(store) > 0) {
        store.write(EmbeddedSqlStoreOwnTest::deleteSome);
        deletions++;
      }
      System.out.printf(
          "%d rows deleted by %d changes with no byte free; then %d bytes were%n",
          all, deletions, tiny.free());

      assertFull(catchThrowable(() -> store.write(tx -> tx.update(ADD, "grows", 1))));
      assertThat(count(store)).isZero();
      Files.delete(ballast);
      store.write(tx -> tx.update(ADD, "grows", 1));
      assertThat(folder.resolve("reserve")).hasSize(Reserve.BYTES);
    } finally {
      close();
    }
  }

  @Test
  void itOpensOnADiskWithoutAFreeByteByGivingUpItsReserve() throws Exception {
    try (TinyDisk tiny = TinyDisk.of(temp.resolve("tiny"), 40 << 20)) {
      Path folder = tiny.folder().resolve("sql");
      EmbeddedSqlStore before = open(folder);
      before.write(tx -> tx.update(ADD, "kept", 1));
      before.close();
      Files.write(tiny.folder().resolve("ballast"), new byte[(int) tiny.free()]);
      assertThat(tiny.free()).isZero();

      EmbeddedSqlStore store = open(folder);
      assertThat(count(store)).isEqualTo(1);
      assertFull(catchThrowable(() -> store.write(tx -> tx.update(ADD, "grows", 1))));
      store.write(EmbeddedSqlStoreOwnTest::deleteSome);
      assertThat(count(store)).isZero();
    } finally {
      close();
    }
  }

  private static int deleteSome(Tx tx) {
    tx.mayUseReserve();
    return tx.update(DELETE_SOME);
  }

  private static void assertFull(Throwable failure) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));
  }

  private int fill(EmbeddedSqlStore store) {
    String filler = "x".repeat(2000);
    for (int i = 0; i < 100_000; i++) {
      String name = UUID.randomUUID() + filler;
      Throwable failure = catchThrowable(() -> store.write(tx -> tx.update(ADD, name, 1)));
      if (failure != null) {
        assertFull(failure);
        return i;
      }
    }
    throw new AssertionError("the disk did not fill up");
  }

  private static final Migrations CONTRACT =
      new Migrations("db/contract/sqlite", List.of("V1__contract.sql"));

  private EmbeddedSqlStore open(Path folder) {
    return open(folder, Reserve.BYTES);
  }

  private EmbeddedSqlStore open(Path folder, long reserve) {
    Limits limits = new Limits(Limits.DEFAULT.read(), Limits.DEFAULT.write(), reserve);
    EmbeddedSqlStore store = new EmbeddedSqlStore(() -> folder, CONTRACT, limits);
    store.open();
    opened.add(store);
    return store;
  }

  private static long pragma(EmbeddedSqlStore store, String name) {
    Row row = store.write(tx -> tx.query(new Text("PRAGMA " + name)).getFirst());
    return row.number(name);
  }

  private static long count(EmbeddedSqlStore store) {
    return store.read(tx -> tx.query(COUNT).getFirst().number("n"));
  }

  private static int hold(CountDownLatch held, CountDownLatch release) {
    held.countDown();
    try {
      assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return 0;
  }

  private static void assertUnavailable(Throwable failure) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
  }

  /** The commits in the write-ahead log: frames whose header tells the size of the database. */
  private static int commits(Path folder) throws Exception {
    ByteBuffer log = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("skep.db-wal")));
    int page = log.getInt(8);
    int commits = 0;
    for (int frame = 32; frame + 24 + page <= log.capacity(); frame += 24 + page) {
      commits += log.getInt(frame + 4) != 0 ? 1 : 0;
    }
    return commits;
  }

  private static String permissions(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(new File("/dev/null"))
        .start()
        .waitFor();
  }
}
