package dev.skep.domain.duty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.common.Ids;
import dev.skep.port.coordinator.Coordinator.FencingToken;
import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.port.coordinator.embedded.EmbeddedCoordinator;
import dev.skep.port.sql.ConstraintViolation;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.Statement;
import dev.skep.port.sql.Tx;
import dev.skep.port.sql.embedded.EmbeddedSqlStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fencing tokens never go back (P11), on a real database. */
@Tag("P11")
class FencesTest {

  /** Protected writes of these tests, in the order in which they happened. */
  private enum LogSql implements Statement {
    LENGTH("SELECT COUNT(*) AS length FROM idempotency"),
    APPEND(
        "INSERT INTO idempotency (account_id, request_key, digest, answer, created_at) VALUES (?,"
            + " ?, ?, ?, 0)"),
    ALL("SELECT answer FROM idempotency ORDER BY request_key LIMIT 1000");

    private final String sql;

    LogSql(String sql) {
      this.sql = sql;
    }

    @Override
    public String sql() {
      return sql;
    }
  }

  @TempDir Path folder;
  private EmbeddedSqlStore sql;
  private Fences fences;

  @BeforeEach
  void open() {
    sql = new EmbeddedSqlStore(() -> folder);
    sql.open();
    fences = new Fences(sql);
  }

  @AfterEach
  void close() {
    sql.close();
  }

  @Test
  void theFirstHolderOfAllBeginsInEpochOne() {
    assertThat(fences.claim("sweeper/0", lease("a", 7))).isEqualTo(new Fence("sweeper/0", 1, 7));
  }

  @Test
  void anotherHolderUnderTheSameIdentityHasTheSameEpoch() {
    fences.claim("sweeper/0", lease("a", 7));

    assertThat(fences.claim("sweeper/1", lease("a", 8)).epoch()).isEqualTo(1);
  }

  @Test
  void anotherIdentityRaisesTheEpochEachTimeAlsoWhenItIsAnOldOne() {
    assertThat(fences.claim("sweeper/0", lease("a", 7)).epoch()).isEqualTo(1);
    assertThat(fences.claim("sweeper/0", lease("b", 1)).epoch()).isEqualTo(2);
    assertThat(fences.claim("sweeper/0", lease("a", 8)).epoch()).isEqualTo(3);
  }

  @Test
  void aStaleOwnerIsRefusedByItsFencingToken() {
    Fence old = fences.claim("sweeper/0", lease("a", 1));

    Fence next = fences.claim("sweeper/0", lease("a", 2));

    assertRefused(old);
    write(next, "next");
    assertThat(written()).containsExactly("next");
  }

  @Test
  void aStaleOwnerIsRefusedAfterARestartOfTheCoordinatorAlthoughItsNumberIsGreater() {
    EmbeddedCoordinator before = coordinator();
    Lease last = acquire(before);
    for (int i = 0; i < 5; i++) {
      last.close();
      last = acquire(before);
    }
    Fence old = fences.claim("sweeper/0", last);
    write(old, "old");

    EmbeddedCoordinator after = coordinator();
    Lease first = acquire(after);
    Fence next = fences.claim("sweeper/0", first);

    assertThat(last.token().number()).isGreaterThan(first.token().number());
    assertThat(last.held()).as("its own coordinator lets it go on").isTrue();
    assertRefused(old);
    write(next, "next");
    assertThat(written()).containsExactly("old", "next");
    before.close();
    after.close();
  }

  @Test
  void aRefusedWriteChangesNothing() {
    Fence old = fences.claim("sweeper/0", lease("a", 1));
    fences.claim("sweeper/0", lease("a", 2));

    assertThatExceptionOfType(StaleHolderException.class).isThrownBy(() -> write(old, "old"));

    assertThat(written()).isEmpty();
  }

  @Test
  void dutiesDoNotDisturbEachOther() {
    Fence one = fences.claim("sweeper/0", lease("a", 1));
    fences.claim("sweeper/1", lease("a", 2));

    write(one, "one");

    assertThat(written()).containsExactly("one");
  }

  @Test
  void whoWasPausedUntilHisLeaseEndedDoesNotPassTheFence() {
    Fence next = fences.claim("sweeper/0", lease("b", 1));

    // He raises the epoch late, since his identity is not the one recorded, but goes no further.
    assertThatExceptionOfType(StaleHolderException.class)
        .isThrownBy(() -> fences.claim("sweeper/0", lease("a", 99, false)));

    write(next, "next");
    assertThat(written()).containsExactly("next");
  }

  @Test
  void replicasThatMeetANewIdentityAtOnceRaiseTheEpochOnce() throws Exception {
    fences.claim("sweeper/0", lease("a", 1));

    List<Fence> claimed =
        inParallel(
            IntStream.range(0, 32)
                .<Callable<Fence>>mapToObj(
                    i -> () -> fences.claim("sweeper/" + i, lease("b", i + 1)))
                .toList());

    assertThat(claimed).extracting(Fence::epoch).containsOnly(2L);
  }

  @Test
  void ofHoldersThatRaceNoneWritesAfterANewerOne() throws Exception {
    List<Callable<Integer>> racers = new ArrayList<>();
    for (int number = 1; number <= 16; number++) {
      Lease lease = lease("a", number);
      racers.add(() -> writeWhileNotRefused(lease));
    }

    int refused = inParallel(racers).stream().mapToInt(each -> each).sum();

    List<Long> order = written().stream().map(Long::parseLong).toList();
    assertThat(order).isSorted().endsWith(16L);
    assertThat(refused).isPositive();
  }

  /** Returns 1 when it was refused at some point. */
  private int writeWhileNotRefused(Lease lease) {
    try {
      Fence fence = fences.claim("sweeper/0", lease);
      for (int i = 0; i < 10; i++) {
        write(fence, Long.toString(fence.number()));
      }
      return 0;
    } catch (StaleHolderException e) {
      return 1;
    }
  }

  @Test
  void aFenceWhoseRowCameIntoBeingMeanwhileIsTriedAgain() {
    new Fence("sweeper/0", 1, 2).check(new ScriptedTx(0, -1, 1));

    assertThatExceptionOfType(StaleHolderException.class)
        .isThrownBy(() -> new Fence("sweeper/0", 1, 2).check(new ScriptedTx(0, -1, 0)));
  }

  /** Answers updates from a list; -1 is a constraint violation. */
  private static final class ScriptedTx implements Tx {

    private final Queue<Integer> answers = new ArrayDeque<>();

    ScriptedTx(Integer... answers) {
      this.answers.addAll(List.of(answers));
    }

    @Override
    public List<Row> query(Statement statement, @Nullable Object... parameters) {
      throw new IllegalStateException("Nothing is to be read");
    }

    @Override
    public int update(Statement statement, @Nullable Object... parameters) {
      int answer = answers.remove();
      if (answer < 0) {
        throw new ConstraintViolation(statement.name(), null);
      }
      return answer;
    }

    @Override
    public void rollBackOnly() {}

    @Override
    public void mayUseReserve() {}
  }

  private void assertRefused(Fence fence) {
    assertThatExceptionOfType(StaleHolderException.class)
        .isThrownBy(
            () ->
                sql.write(
                    tx -> {
                      fence.check(tx);
                      return true;
                    }));
  }

  private void write(Fence fence, String line) {
    sql.write(
        tx -> {
          // What comes before the check must be undone with it.
          long length = tx.query(LogSql.LENGTH).getFirst().number("length");
          tx.update(LogSql.APPEND, Ids.ZERO, "%05d".formatted(length), new byte[32], line);
          fence.check(tx);
          return true;
        });
  }

  private List<String> written() {
    return sql.read(tx -> tx.query(LogSql.ALL).stream().map(row -> row.text("answer")).toList());
  }

  private static <T> List<T> inParallel(List<Callable<T>> work) throws Exception {
    List<T> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<T> each : threads.invokeAll(work)) {
        results.add(each.get());
      }
    }
    return results;
  }

  private static EmbeddedCoordinator coordinator() {
    EmbeddedCoordinator coordinator = new EmbeddedCoordinator();
    coordinator.open();
    return coordinator;
  }

  private static Lease acquire(EmbeddedCoordinator coordinator) {
    Lease lease = coordinator.tryAcquire("sweeper", Duration.ofMinutes(1));
    assertThat(lease).isNotNull();
    return lease;
  }

  private static Lease lease(String identity, long number) {
    return lease(identity, number, true);
  }

  private static Lease lease(String identity, long number, boolean held) {
    return new Lease() {
      @Override
      public String name() {
        return "sweeper";
      }

      @Override
      public FencingToken token() {
        return new FencingToken(identity, number);
      }

      @Override
      public boolean held() {
        return held;
      }

      @Override
      public void onLoss(Runnable action) {}

      @Override
      public void close() {}
    };
  }
}
