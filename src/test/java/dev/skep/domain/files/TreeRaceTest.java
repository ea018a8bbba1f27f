package dev.skep.domain.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.SqlStore;
import dev.skep.testkit.Drive;
import dev.skep.testkit.Race;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tree under many writers (P3, P4, P6), on SQLite. */
@Tag("slow")
@Tag("P3")
@Tag("P4")
@Tag("P6")
class TreeRaceTest {

  private static final int THREADS = 64;
  private static final int CREATORS = 100;
  private static final Duration SHORTEST = Duration.ofSeconds(12);
  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final long QUOTA = 40_000;

  /** Of a race of two, and how many more until each has been first. */
  private static final int ROUNDS = 100;

  private static final int MOST_ROUNDS = 1_000;
  private static final int UUID_LENGTH = 36;

  /** What a change may be refused with when others are faster. */
  private static final Set<ErrorCode> LOST =
      EnumSet.of(
          ErrorCode.NOT_FOUND,
          ErrorCode.NAME_TAKEN,
          ErrorCode.INTO_ITSELF,
          ErrorCode.PARENT_GONE,
          ErrorCode.TOO_DEEP,
          ErrorCode.QUOTA_EXCEEDED);

  /** Cycles, folders that are being trashed, and the quota's edge: without them it was no race. */
  private static final Set<String> REACHED =
      Set.of("MOVE INTO_ITSELF", "MAKE NOT_FOUND", "UPLOAD QUOTA_EXCEEDED");

  @TempDir Path folder;
  private final AtomicLong later = new AtomicLong();
  private Drive drive;
  private Caller anna;
  private Caller ben;
  private Home home;

  /** A drive on an empty folder. */
  Drive drive(Path empty, InstantSource clock) {
    return Drive.open(empty, clock, tables -> tables, blobs -> blobs);
  }

  @BeforeEach
  void open() {
    InstantSource clock = () -> Instant.now().plusSeconds(later.get());
    drive = drive(folder, clock);
    anna = Someone.withHome(drive, "anna", QUOTA);
    ben = Someone.withHome(drive, "ben", -1);
    home = new Home(drive, anna);
  }

  @AfterEach
  void close() {
    drive.close();
  }

  private enum Deed {
    MOVE,
    MAKE,
    UPLOAD,
    OVERWRITE,
    COPY,
    TRASH,
    RESTORE,
    PURGE
  }

  /** What the threads do, in these proportions. */
  private static final List<Deed> MIX =
      List.of(
          Deed.MOVE,
          Deed.MOVE,
          Deed.MOVE,
          Deed.MOVE,
          Deed.MAKE,
          Deed.MAKE,
          Deed.MAKE,
          Deed.UPLOAD,
          Deed.UPLOAD,
          Deed.OVERWRITE,
          Deed.COPY,
          Deed.TRASH,
          Deed.RESTORE,
          Deed.RESTORE,
          Deed.PURGE);

  @Test
  void movesCreatesTrashAndUploadsAtTheQuotasEdgeLeaveASoundTree() throws Exception {
    UUID root = home.node("/home").id();
    List<UUID> folders = new CopyOnWriteArrayList<>();
    List<UUID> files = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 20; i++) {
      folders.add(home.folder("/home/f" + i).id());
      files.add(home.put("/home/f" + i + "/file", "x".repeat(1000)).id());
    }
    Map<Deed, LongAdder> done = new EnumMap<>(Deed.class);
    for (Deed deed : Deed.values()) {
      done.put(deed, new LongAdder());
    }
    Map<String, LongAdder> refused = new ConcurrentHashMap<>();
    AtomicBoolean full = new AtomicBoolean();
    long began = System.nanoTime();
    BooleanSupplier goesOn =
        () -> {
          long passed = System.nanoTime() - began;
          boolean reached = full.get() && refused.keySet().containsAll(REACHED) && allDone(done);
          return passed < (reached ? SHORTEST : LONGEST).toNanos();
        };
    AtomicBoolean over = new AtomicBoolean();
    Thread sweeper = Thread.ofVirtual().start(() -> sweepUntil(over));
    Race.of(
        THREADS,
        thread ->
            () -> {
              for (int i = 0; goesOn.getAsBoolean(); i++) {
                Deed deed = any(MIX);
                try {
                  act(deed, root, folders, files, thread + "-" + i);
                  done.get(deed).increment();
                } catch (SkepException e) {
                  assertThat(LOST).as(deed + ": " + e.detail()).contains(e.code());
                  refused
                      .computeIfAbsent(deed + " " + e.code(), key -> new LongAdder())
                      .increment();
                }
                long used = Someone.used(drive, anna);
                assertThat(used).isBetween(0L, QUOTA);
                full.compareAndSet(false, used == QUOTA);
              }
              return thread;
            });
    over.set(true);
    sweeper.join();
    new Sweeping(drive).sweep();

    WholeTree tree = new WholeTree(drive, anna);
    System.out.println(
        THREADS
            + " threads: "
            + tree.size()
            + " nodes left; done "
            + done
            + "; refused "
            + new TreeMap<>(refused));
    tree.assertSound();
    assertThat(allDone(done)).as("each deed was done: %s", done).isTrue();
    assertThat(refused.keySet()).containsAll(REACHED);
    assertThat(full).as("the quota was met to the byte").isTrue();
  }

  private static boolean allDone(Map<Deed, LongAdder> done) {
    return done.values().stream().allMatch(count -> count.sum() > 0);
  }

  private void sweepUntil(AtomicBoolean over) {
    while (!over.get()) {
      new Sweeping(drive).sweep();
      pause();
    }
  }

  private void act(Deed deed, UUID root, List<UUID> folders, List<UUID> files, String name) {
    int bytes = anySize();
    switch (deed) {
      case MOVE -> home.move(any(folders), any(folders));
      case MAKE -> folders.add(drive.get(Folders.class).make(anna, any(folders), name).id());
      case UPLOAD ->
          files.add(
              home.put("/home/f" + Math.floorMod(name.hashCode(), 20) + "/" + name, text(bytes))
                  .id());
      case OVERWRITE ->
          drive
              .get(FileContents.class)
              .put(anna, Target.node(any(files)), Precondition.NONE, Home.incoming(text(bytes)));
      case COPY -> files.add(home.copy(any(files), any(folders), name).id());
      case TRASH -> home.trash(any(ThreadLocalRandom.current().nextBoolean() ? files : folders));
      case RESTORE ->
          drive.get(Trash.class).restore(anna, anyTrashed(), root, name, Precondition.NONE);
      case PURGE -> home.purge(anyTrashed());
    }
  }

  /** Every second time just what the quota leaves, as others do at that moment. */
  private int anySize() {
    int size = ThreadLocalRandom.current().nextInt(500, 3000);
    long free = QUOTA - Someone.used(drive, anna);
    boolean toTheEdge = ThreadLocalRandom.current().nextBoolean();
    return toTheEdge && free >= UUID_LENGTH && free < size ? (int) free : size;
  }

  private UUID anyTrashed() {
    PageRequest page = PageRequest.of("test", 50, null);
    List<TrashItem> items = drive.get(Trash.class).list(anna, "home", page).items();
    if (items.isEmpty()) {
      throw new SkepException(ErrorCode.NOT_FOUND, "the trash is empty");
    }
    return any(items).id();
  }

  private static String text(int bytes) {
    String start = UUID.randomUUID().toString();
    return start + "x".repeat(bytes - start.length());
  }

  private static <T> T any(List<T> list) {
    return list.get(ThreadLocalRandom.current().nextInt(list.size()));
  }

  /** P4: what is one name and what is not is the same on every engine. */
  @Test
  void ofAHundredRacingCreatesOfOneNameExactlyOneCreates() throws Exception {
    UUID root = home.node("/home").id();
    List<String> names = List.of("a", "A", "a ", "\u00e4", "a\u0308");
    for (int round = 0; round < 2; round++) {
      UUID parent = drive.get(Folders.class).make(anna, root, "round " + round).id();
      boolean folders = round % 2 == 0;
      List<Optional<UUID>> made =
          Race.of(
              CREATORS * names.size(),
              thread -> {
                String name = names.get(thread % names.size());
                return () -> create(parent, name, folders);
              });
      // The last two are one name in two spellings.
      assertThat(made.stream().flatMap(Optional::stream)).hasSize(names.size() - 1);
      assertThat(home.names("/home/round " + round))
          .containsExactlyInAnyOrder("a", "A", "a ", "\u00e4");
    }
    new WholeTree(drive, anna).assertSound();
  }

  private Optional<UUID> create(UUID parent, String name, boolean folder) {
    try {
      return Optional.of(
          folder
              ? drive.get(Folders.class).make(anna, parent, name).id()
              : createFile(drive.get(Lookup.class).node(anna, Target.node(parent)), name));
    } catch (SkepException e) {
      assertThat(e.code())
          .as(e.detail())
          .isEqualTo(folder ? ErrorCode.NAME_TAKEN : ErrorCode.PRECONDITION_FAILED);
      return Optional.empty();
    }
  }

  private UUID createFile(NodeView parent, String name) {
    FilePath path = new FilePath("home", List.of(parent.name(), name), false);
    Precondition onlyNew = new Precondition(List.of(), List.of("*"));
    return drive.get(FileContents.class).put(anna, path, onlyNew, Home.incoming("x")).node().id();
  }

  @Test
  void aCopyThatRacesWithThePurgeOfTheLastVersionIsWholeOrRefused() throws Exception {
    mayWriteInBens();
    UUID bens = new Home(drive, ben).node("/home").id();
    List<String> copied = new ArrayList<>();
    int rounds = 0;
    while (rounds < ROUNDS || (isOneSided(copied.size(), rounds) && rounds < MOST_ROUNDS)) {
      int round = rounds++;
      String name = "file" + round;
      UUID file = home.put("/home/" + name, "content of " + name).id();
      List<Boolean> won =
          Race.of(2, thread -> thread == 0 ? () -> copies(file, bens) : () -> purges(file));
      assertThat(won.getLast()).isTrue();
      if (won.getFirst()) {
        copied.add(name);
      }
      if (round % 50 == 49) {
        passAndSweep();
      }
    }
    passAndSweep();

    System.out.println("copy against purge: " + copied.size() + " of " + rounds + " copied");
    assertThat(copied).isNotEmpty().hasSizeLessThan(rounds);
    Home place = new Home(drive, ben);
    assertThat(place.names("/home")).containsExactlyInAnyOrderElementsOf(copied);
    for (String name : copied) {
      assertThat(place.read("/home/" + name)).isEqualTo("content of " + name);
    }
    new WholeTree(drive, anna).assertSound();
    new WholeTree(drive, ben).assertSound();
    assertThat(Someone.used(drive, anna)).isZero();
  }

  /** Whether the same one was always first, as may be on a busy machine: then nothing raced. */
  private static boolean isOneSided(int won, int rounds) {
    return won == 0 || won == rounds;
  }

  private boolean copies(UUID file, UUID target) {
    try {
      pause();
      home.copy(file, target, null);
      return true;
    } catch (SkepException e) {
      assertThat(e.code()).as(e.detail()).isEqualTo(ErrorCode.NOT_FOUND);
      return false;
    }
  }

  private boolean purges(UUID file) {
    pause();
    home.trash(file);
    home.purge(file);
    new Sweeping(drive).sweepFor(file);
    return true;
  }

  @Test
  void aVersionThatIsRestoredWhileItIsDeletedIsThereOrGone() throws Exception {
    Versions versions = drive.get(Versions.class);
    int rounds = 0;
    int restored = 0;
    List<UUID> files = new ArrayList<>();
    while (rounds < ROUNDS || (isOneSided(restored, rounds) && rounds < MOST_ROUNDS)) {
      int round = rounds++;
      UUID file = home.put("/home/v" + round, "old " + round).id();
      UUID old = home.versions(file).getFirst().id();
      home.put("/home/v" + round, "new " + round);
      files.add(file);
      Callable<Boolean> restore =
          () -> succeeds(() -> versions.restore(anna, file, old, Precondition.NONE));
      Callable<Boolean> delete =
          () ->
              succeeds(
                  () -> {
                    versions.delete(anna, file, old, Precondition.NONE);
                    return true;
                  });
      List<Boolean> won = Race.of(2, thread -> thread == 0 ? restore : delete);
      assertThat(won).as("one of them is first").contains(true);
      String expected = (won.getFirst() ? "old " : "new ") + round;
      restored += won.getFirst() ? 1 : 0;
      assertThat(home.read("/home/v" + round)).isEqualTo(expected);
    }
    passAndSweep();

    System.out.println("restore against delete: " + restored + " of " + rounds + " restored");
    assertThat(restored).isBetween(1, rounds - 1);
    for (int round = 0; round < rounds; round++) {
      assertThat(home.read("/home/v" + round)).endsWith(" " + round);
    }
    new WholeTree(drive, anna).assertSound();
  }

  private static boolean succeeds(Callable<?> change) throws Exception {
    try {
      pause();
      change.call();
      return true;
    } catch (SkepException e) {
      assertThat(e.code()).as(e.detail()).isEqualTo(ErrorCode.NOT_FOUND);
      return false;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(Duration.ofNanos(ThreadLocalRandom.current().nextLong(6_000_000)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** So much later that all is deleted that nothing names. */
  private void passAndSweep() {
    for (int step = 0; step < 3; step++) {
      new Sweeping(drive).sweep();
      later.addAndGet(Duration.ofHours(25).toSeconds());
    }
    new Sweeping(drive).sweep();
  }

  private void mayWriteInBens() {
    NodeView root = new Home(drive, ben).node("/home");
    UUID workspaceId =
        drive
            .get(SqlStore.class)
            .read(
                tx -> drive.get(Workspaces.class).ofOwner(tx, ben.accountId()).orElseThrow().id());
    Someone.may(drive, anna, root, workspaceId, Rights.of(Right.READ, Right.WRITE));
  }
}
