package dev.skep.domain.duty;

import static dev.skep.testkit.Eventually.eventually;
import static dev.skep.testkit.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.skep.domain.Caller;
import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.port.coordinator.embedded.EmbeddedCoordinator;
import dev.skep.port.pubsub.embedded.EmbeddedPubSub;
import dev.skep.port.sql.embedded.EmbeddedSqlStore;
import dev.skep.testkit.FaultPlan;
import dev.skep.testkit.FaultPlan.Fault;
import dev.skep.testkit.FaultyCoordinator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Duties on a real database and the coordinator of this process. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DutiesTest {

  private static final int SHARDS = 4;
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final Duration SELDOM = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final AtomicLong paused = new AtomicLong();
  private final EmbeddedPubSub hints = new EmbeddedPubSub(() -> 1000);
  private final List<Duties> started = new ArrayList<>();
  private final List<EmbeddedCoordinator> coordinators = new ArrayList<>();
  private EmbeddedSqlStore sql;
  private EmbeddedCoordinator coordinator;

  @BeforeEach
  void open() {
    sql = new EmbeddedSqlStore(() -> folder);
    sql.open();
    coordinator = newCoordinator();
  }

  @AfterEach
  void close() {
    started.forEach(Duties::stop);
    coordinators.forEach(EmbeddedCoordinator::close);
    sql.close();
  }

  /** A duty that writes down its contexts, and does what the test wants. */
  private static final class Recorded implements Duty {

    private final Duration interval;
    private final Consumer<DutyContext> work;
    private final Map<Integer, DutyContext> contexts = new ConcurrentHashMap<>();
    private final AtomicInteger runs = new AtomicInteger();

    Recorded(Duration interval, Consumer<DutyContext> work) {
      this.interval = interval;
      this.work = work;
    }

    @Override
    public String name() {
      return "test";
    }

    @Override
    public int shards() {
      return SHARDS;
    }

    @Override
    public Duration interval() {
      return interval;
    }

    @Override
    public void run(DutyContext context) {
      contexts.put(context.shard(), context);
      runs.incrementAndGet();
      work.accept(context);
    }
  }

  private static Recorded seldom() {
    return new Recorded(SELDOM, context -> context.protectedWrite(tx -> true));
  }

  @Test
  void everyShardRunsInTheDutysNameAndHoldsItsFence() {
    AtomicInteger written = new AtomicInteger();
    Recorded duty =
        new Recorded(
            SELDOM,
            context -> {
              assertThat(context.held()).isTrue();
              assertThat(context.shards()).isEqualTo(SHARDS);
              assertThat(context.caller()).isEqualTo(Caller.system("test"));
              written.addAndGet(context.protectedWrite(tx -> 1));
            });
    Duties duties = start(coordinator, duty);

    assertThat(duties.runNow("test", SOON)).isEqualTo(SHARDS);

    assertThat(duty.contexts.keySet()).containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(written).hasValue(SHARDS);
    assertThat(duties.held("test")).isEqualTo(Set.of(0, 1, 2, 3));
  }

  @Test
  void aShardRunsAgainAndAgain() {
    Recorded duty = new Recorded(Duration.ofMillis(50), context -> {});
    start(coordinator, duty);

    eventually("it ran many times", SOON, () -> duty.runs.get() >= 5 * SHARDS);
  }

  @Test
  void aRunThatThrowsIsToldToWhoAskedForItAndRunsAgain() {
    AtomicBoolean fails = new AtomicBoolean(true);
    Recorded duty =
        new Recorded(
            SELDOM,
            context -> {
              if (context.shard() == 2 && fails.getAndSet(false)) {
                throw new IllegalStateException("Thrown by the test's duty");
              }
            });
    Duties duties = start(coordinator, duty);

    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> duties.runNow("test", SOON))
        .withStackTraceContaining("Thrown by the test's duty");

    eventually("the back-off ends", SOON, () -> duty.runs.get() > SHARDS);
    assertThat(duties.held("test")).hasSize(SHARDS);
  }

  @Test
  void anErrorDoesNotEndAShardForEver() {
    AtomicBoolean fails = new AtomicBoolean(true);
    Recorded duty =
        new Recorded(
            Duration.ofMillis(50),
            context -> {
              if (context.shard() == 2 && fails.getAndSet(false)) {
                throw new StackOverflowError("Thrown by the test's duty");
              }
              context.protectedWrite(tx -> true);
            });
    Duties duties = start(coordinator, duty);
    eventually("it failed", SOON, () -> !fails.get());

    assertThat(duties.runNow("test", SOON)).isEqualTo(SHARDS);
  }

  @Test
  void twoReplicasShareTheShardsEvenlyAndEachShardRunsOnOneOfThem() {
    Recorded one = seldom();
    Recorded two = seldom();
    Duties first = start(coordinator, one);
    Duties second = start(coordinator, two);

    eventually(
        "each has its half",
        SOON,
        () -> first.held("test").size() == 2 && second.held("test").size() == 2);

    Set<Integer> all = new TreeSet<>(first.held("test"));
    all.addAll(second.held("test"));
    assertThat(all).hasSize(SHARDS);
  }

  @Test
  void dutiesResumeAfterARestartOfTheCoordinatorAndAnOldHolderIsStillRefused() {
    Recorded before = seldom();
    assertThat(start(coordinator, before).runNow("test", SOON)).isEqualTo(SHARDS);
    DutyContext old = before.contexts.get(0);
    assertThat((boolean) old.protectedWrite(tx -> true)).isTrue();

    Recorded after = seldom();
    assertThat(start(newCoordinator(), after).runNow("test", SOON)).isEqualTo(SHARDS);

    assertThat(old.held()).as("its own coordinator lets it go on").isTrue();
    assertThatExceptionOfType(StaleHolderException.class)
        .isThrownBy(() -> old.protectedWrite(tx -> true));
    assertThat((boolean) after.contexts.get(0).protectedWrite(tx -> true)).isTrue();
  }

  @Test
  void aHolderThatIsRefusedThoughItsLeaseIsHeldGivesItBackAndGoesOnUnderANewToken() {
    Recorded duty = seldom();
    Duties duties = start(coordinator, duty);
    duties.runNow("test", SOON);
    DutyContext old = duty.contexts.get(0);
    try (Lease foreign = newCoordinator().tryAcquire("test", LEASE)) {
      new Fences(sql).claim("test/0", foreign);
    }

    assertThat(duties.runNow("test", SOON)).as("shards that ran").isEqualTo(SHARDS - 1);

    eventually("the old lease is given back", SOON, () -> !old.held());
    eventually(
        "the shard runs again",
        SOON.multipliedBy(2),
        () -> duties.held("test").contains(0) && duties.runNow("test", SOON) == SHARDS);
    assertThat(duty.contexts.get(0)).isNotSameAs(old);
  }

  @Test
  void aPausedHolderWritesNothingMore() {
    Recorded duty = seldom();
    Duties duties = start(coordinator, duty);
    duties.runNow("test", SOON);
    DutyContext old = duty.contexts.get(0);

    paused.addAndGet(LEASE.toNanos());

    assertThat(old.held()).isFalse();
    assertThatExceptionOfType(StaleHolderException.class)
        .isThrownBy(() -> old.protectedWrite(tx -> true));
    eventually(
        "it is held again under a new token",
        LEASE.plus(SOON),
        () -> duties.runNow("test", SOON) == SHARDS && duty.contexts.get(0).held());
    assertThat(old.held()).isFalse();
  }

  @Test
  void aStopLetsTheSliceEndAndHandsTheShardsOverAtOnce() {
    CountDownLatch inSlice = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    Recorded busy =
        new Recorded(
            SELDOM,
            context -> {
              inSlice.countDown();
              while (context.held()) {
                pause(Duration.ofMillis(5));
              }
              pause(Duration.ofMillis(100));
              ended.set(true);
            });
    Duties leaving = start(coordinator, busy);
    leaving.runNow("test", Duration.ofMillis(500));
    eventually("a slice runs", SOON, () -> inSlice.getCount() == 0);

    leaving.stop();

    assertThat(ended).isTrue();
    assertThat(leaving.held("test")).isEmpty();
    assertThat(start(coordinator, seldom()).runNow("test", SOON)).isEqualTo(SHARDS);
  }

  @Test
  void aCoordinatorThatIsNotThereYetIsWaitedFor() {
    Recorded duty = seldom();
    FaultPlan plan = FaultPlan.nth(1, Fault.BEFORE);

    Duties duties = start(new FaultyCoordinator(coordinator, plan), duty);

    assertThat(duties.runNow("test", SOON.multipliedBy(2))).isEqualTo(SHARDS);
    assertThat(plan.calls()).isEqualTo(2);
  }

  @Test
  void whoStepsDownHandsItsShardsToTheOthersAndTakesPartAgain() {
    hints.open();
    Duties first = start(coordinator, seldom());
    eventually("the first holds all", SOON, () -> first.held("test").size() == SHARDS);
    Duties second = start(coordinator, seldom());
    eventually(
        "both hold half",
        SOON,
        () -> first.held("test").size() == SHARDS / 2 && second.held("test").size() == SHARDS / 2);

    second.stepDown("test");

    eventually(
        "each has let go of what it held",
        SOON,
        () -> first.held("test").isEmpty() || second.held("test").isEmpty());
    eventually(
        "all are held again",
        SOON,
        () -> first.held("test").size() + second.held("test").size() == SHARDS);
    hints.close();
  }

  @Test
  void aDutyNobodyKnowsIsRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> start(coordinator, seldom()).runNow("tset", SOON))
        .withMessage("No duty is named tset. There are: [test]");
  }

  @Test
  void twoDutiesOfOneNameAreRefused() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                new Duties(
                    List.of(seldom(), seldom()),
                    coordinator,
                    sql,
                    hints,
                    new Fences(sql),
                    () -> LEASE))
        .withMessage("Two duties are named test");
  }

  private Duties start(Coordinator on, Duty duty) {
    Duties duties = new Duties(List.of(duty), on, sql, hints, new Fences(sql), () -> LEASE);
    started.add(duties);
    duties.start();
    return duties;
  }

  private EmbeddedCoordinator newCoordinator() {
    EmbeddedCoordinator made = EmbeddedCoordinator.onClock(() -> System.nanoTime() + paused.get());
    made.open();
    coordinators.add(made);
    return made;
  }
}
