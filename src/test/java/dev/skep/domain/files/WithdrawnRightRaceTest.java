package dev.skep.domain.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.permission.Permissions;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Work;
import dev.skep.testkit.Drive;
import dev.skep.testkit.Race;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A right that is withdrawn is refused by every request that begins after the commit (P8), on
 * SQLite. No decision is cached today, so what is raced is the withdrawal against readers; and a
 * reader that is stopped just after his read, where a cache would be filled, must leave nothing
 * behind by which a later request gets through.
 */
@Tag("slow")
@Tag("P8")
class WithdrawnRightRaceTest {

  private static final int READERS = 64;
  private static final int ROUNDS = 15;

  @TempDir Path folder;
  private Halting tables;
  private Drive drive;
  private Home anna;
  private Caller ben;
  private UUID root;

  /** A drive on an empty folder. */
  Drive drive(Path empty, UnaryOperator<SqlStore> around) {
    return Drive.open(empty, InstantSource.system(), around, blobs -> blobs);
  }

  @BeforeEach
  void open() {
    drive = drive(folder, store -> tables = new Halting(store));
    anna = new Home(drive, Someone.withHome(drive, "anna", -1));
    ben = Someone.withHome(drive, "ben", -1);
    root = anna.node("/home").id();
  }

  @AfterEach
  void close() {
    drive.close();
  }

  /** What ends a reader's right. */
  private interface Withdrawal {
    void of(UUID shared, UUID file);
  }

  @Test
  void noReadThatBeganAfterAnEntryWasRemovedSucceeds() throws Exception {
    race((shared, file) -> withdraw(shared));
  }

  @Test
  void noReadThatBeganAfterAnEmptyEntrySucceeds() throws Exception {
    race((shared, file) -> permissions().put(anna.owner(), shared, "user:ben", List.of(), any()));
  }

  @Test
  void noReadThatBeganAfterTheFileWasMovedAwaySucceeds() throws Exception {
    race((shared, file) -> anna.move(file, root));
  }

  private void race(Withdrawal withdrawal) throws Exception {
    long before = 0;
    long after = 0;
    for (int round = 0; round < ROUNDS; round++) {
      UUID shared = anna.folder("/home/shared" + round).id();
      UUID file = anna.put("/home/shared" + round + "/file" + round, "text").id();
      give(shared);
      Seen seen = new Seen();
      Race.of(
          READERS + 1,
          thread ->
              () -> {
                if (thread == READERS) {
                  seen.awaitReads(READERS);
                  withdrawal.of(shared, file);
                  seen.withdrawn();
                } else {
                  while (seen.goesOn()) {
                    long began = System.nanoTime();
                    seen.read(began, mayRead(file));
                  }
                }
                return thread;
              });
      assertThat(seen.allowed.get()).isPositive();
      assertThat(seen.refused.get()).isGreaterThanOrEqualTo(READERS);
      assertThat(seen.lastAllowedBegan.get())
          .as("round %d: the last read that succeeded began before the withdrawal's end", round)
          .isLessThanOrEqualTo(seen.committed);
      before += seen.allowed.get();
      after += seen.refused.get();
    }
    System.out.println(
        READERS
            + " readers, "
            + ROUNDS
            + " withdrawals: "
            + before
            + " reads, "
            + after
            + " refused, none late");
  }

  /** What the readers of one round saw. */
  private static final class Seen {
    private final AtomicLong allowed = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong lastAllowedBegan = new AtomicLong(Long.MIN_VALUE);
    private volatile long committed = Long.MAX_VALUE;

    void awaitReads(int count) throws InterruptedException {
      while (allowed.get() < count) {
        Thread.sleep(1);
      }
    }

    void withdrawn() {
      committed = System.nanoTime();
    }

    /** Until each had the time for a read that began after the withdrawal. */
    boolean goesOn() {
      return refused.get() < 2L * READERS;
    }

    void read(long began, boolean succeeded) {
      (succeeded ? allowed : refused).incrementAndGet();
      if (succeeded) {
        lastAllowedBegan.accumulateAndGet(began, Math::max);
      }
    }
  }

  @Test
  void aReaderStoppedAfterHisReadLeavesNothingThatLetsALaterRequestThrough() throws Exception {
    UUID shared = anna.folder("/home/shared").id();
    UUID file = anna.put("/home/shared/file", "text").id();
    give(shared);
    for (Withdrawal withdrawal :
        List.<Withdrawal>of((in, of) -> withdraw(in), (in, of) -> anna.move(of, root))) {
      CountDownLatch stopped = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      tables.haltNextRead(stopped, goOn);
      CompletableFuture<Boolean> reader = CompletableFuture.supplyAsync(() -> mayRead(file));
      assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();

      withdrawal.of(shared, file);
      goOn.countDown();

      assertThat(reader.get(30, TimeUnit.SECONDS)).as("his own read began before").isTrue();
      for (int i = 0; i < 10; i++) {
        assertThat(mayRead(file)).isFalse();
      }
      give(shared);
    }
  }

  private boolean mayRead(UUID file) {
    try {
      drive.get(Lookup.class).node(ben, Target.node(file));
      return true;
    } catch (SkepException e) {
      assertThat(e.code()).as(e.detail()).isEqualTo(ErrorCode.NOT_FOUND);
      return false;
    }
  }

  private void give(UUID node) {
    permissions().put(anna.owner(), node, "user:ben", List.of("read"), any());
  }

  private void withdraw(UUID node) {
    permissions().delete(anna.owner(), node, "user:ben", any());
  }

  private Permissions permissions() {
    return drive.get(Permissions.class);
  }

  private static Precondition any() {
    return Precondition.NONE;
  }

  /** Stops a reader between his read and what he makes of it. */
  private static final class Halting implements SqlStore {

    private final SqlStore store;
    private volatile @Nullable CountDownLatch stopped;
    private volatile CountDownLatch goOn = new CountDownLatch(0);

    Halting(SqlStore store) {
      this.store = store;
    }

    void haltNextRead(CountDownLatch whenStopped, CountDownLatch until) {
      goOn = until;
      stopped = whenStopped;
    }

    @Override
    public <R extends @Nullable Object> R read(Work<R> work) {
      CountDownLatch told = stopped;
      stopped = null;
      R result = store.read(work);
      if (told != null) {
        told.countDown();
        await();
      }
      return result;
    }

    private void await() {
      try {
        assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public <R extends @Nullable Object> R write(Work<R> work) {
      return store.write(work);
    }
  }
}
