package dev.skep.port.coordinator;

import static dev.skep.testkit.Eventually.eventually;
import static dev.skep.testkit.Eventually.never;
import static dev.skep.testkit.Eventually.pause;
import static dev.skep.testkit.Failing.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.skep.port.coordinator.Coordinator.FencingToken;
import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.port.coordinator.Coordinator.Membership;
import dev.skep.testkit.tier.Essential;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link Coordinator} promises; each driver passes it on its real target. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("P12")
public abstract class CoordinatorContract {

  /** The shortest lease, where a test waits for its end. */
  private static final Duration SHORT = Duration.ofSeconds(1);

  /** A lease that surely does not end by itself during a test. */
  private static final Duration LONG = Duration.ofMinutes(4);

  /** What happens "at once" has happened by then, on a slow machine too. */
  private static final Duration SOON = Duration.ofSeconds(20);

  private Coordinator coordinator;

  /** Opens the coordinator; nothing is held. */
  protected abstract Coordinator start() throws Exception;

  protected abstract void stop() throws Exception;

  /** Makes the store that counts anew, as a wiped server is, and opens the coordinator on it. */
  protected abstract Coordinator startAnew() throws Exception;

  /** What another replica sees; the same coordinator where a driver serves one process only. */
  protected Coordinator otherReplica() {
    return coordinator;
  }

  /**
   * Moves the monotonic clock that the coordinator's holders end by, as if they had been paused.
   */
  protected abstract void pauseHolders(Duration duration);

  /** Takes the target away, or gives it back without a restart of the replica. */
  protected abstract void setDown(boolean down) throws Exception;

  @BeforeEach
  void open() throws Exception {
    coordinator = start();
  }

  @AfterEach
  void close() throws Exception {
    stop();
  }

  private Lease acquire(Coordinator from, String name, Duration duration) {
    Lease lease = from.tryAcquire(name, duration);
    assertThat(lease).as("lease of " + name).isNotNull();
    return Objects.requireNonNull(lease);
  }

  /** Tries until the name is free, as a replica does that waits for its turn. */
  private Lease awaitAcquire(Coordinator from, String name, Duration duration, Duration atMost) {
    List<Lease> taken = new ArrayList<>();
    eventually(
        "the name " + name + " is free",
        atMost,
        () -> {
          Lease lease = from.tryAcquire(name, duration);
          if (lease != null) {
            taken.add(lease);
          }
          return lease != null;
        });
    return taken.getFirst();
  }

  /** The time within which a take-over is promised, and as much again for a slow machine. */
  private Duration takeOver(Duration lease) {
    return lease.plus(coordinator.slack()).plus(SOON);
  }

  @Nested
  class Leases {

    @Test
    void ofManyWhoRaceForANameOneGetsIt() throws Exception {
      List<Callable<Boolean>> racers = new ArrayList<>();
      CountDownLatch go = new CountDownLatch(1);
      for (int i = 0; i < 32; i++) {
        Coordinator mine = i % 2 == 0 ? coordinator : otherReplica();
        racers.add(
            () -> {
              go.await();
              return mine.tryAcquire("race", LONG) != null;
            });
      }
      int winners = 0;
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Boolean>> results = racers.stream().map(threads::submit).toList();
        go.countDown();
        for (Future<Boolean> each : results) {
          winners += each.get() ? 1 : 0;
        }
      }

      assertThat(winners).isEqualTo(1);
    }

    @Test
    void atAnyTimeAtMostOneHolderBelieves() throws Exception {
      AtomicInteger believers = new AtomicInteger();
      AtomicInteger turns = new AtomicInteger();
      AtomicBoolean two = new AtomicBoolean();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          Coordinator mine = i % 2 == 0 ? coordinator : otherReplica();
          all.add(threads.submit(() -> takeTurns(mine, believers, turns, two)));
        }
        for (Future<?> each : all) {
          each.get();
        }
      }

      assertThat(two).isFalse();
      assertThat(turns.get()).isGreaterThanOrEqualTo(50);
    }

    private void takeTurns(
        Coordinator mine, AtomicInteger believers, AtomicInteger turns, AtomicBoolean two) {
      while (turns.get() < 50) {
        Lease lease = mine.tryAcquire("turns", LONG);
        if (lease == null) {
          Thread.yield();
          continue;
        }
        if (believers.incrementAndGet() > 1) {
          two.set(true);
        }
        pause(Duration.ofMillis(1));
        turns.incrementAndGet();
        believers.decrementAndGet();
        lease.close();
      }
    }

    @Test
    void aHolderKnowsItsName() {
      try (Lease lease = acquire(coordinator, "mine", LONG)) {
        assertThat(lease.name()).isEqualTo("mine");
        assertThat(lease.held()).isTrue();
      }
    }

    @Test
    void namesDoNotDisturbEachOther() {
      acquire(coordinator, "one", LONG);
      acquire(otherReplica(), "two", LONG);
    }

    @Test
    void aLeaseIsNotReentrant() {
      acquire(coordinator, "mine", LONG);

      assertThat(coordinator.tryAcquire("mine", LONG)).isNull();
      assertThat(otherReplica().tryAcquire("mine", LONG)).isNull();
    }

    @Test
    void aNameThatIsGivenBackIsFreeAtOnce() {
      Lease lease = acquire(coordinator, "mine", LONG);

      lease.close();

      assertThat(lease.held()).isFalse();
      awaitAcquire(otherReplica(), "mine", LONG, SOON);
    }

    @Test
    @Essential
    void aLeaseIsRenewedInTheBackground() {
      Lease lease = acquire(coordinator, "mine", SHORT);

      never(
          "the name is free though its holder lives",
          SHORT.multipliedBy(3),
          () -> otherReplica().tryAcquire("mine", SHORT) != null);

      assertThat(lease.held()).isTrue();
    }

    @Test
    void aPausedHolderStopsBelievingByItsOwnClock() {
      Lease lease = acquire(coordinator, "mine", LONG);

      pauseHolders(LONG.minusMillis(1).dividedBy(2));
      assertThat(lease.held()).isTrue();
      pauseHolders(LONG.dividedBy(2).plusSeconds(1));

      assertThat(lease.held()).isFalse();
    }

    @Test
    void whenAHolderIsPausedForTooLongAnotherGetsTheName() {
      Lease lease = acquire(coordinator, "mine", SHORT);

      pauseHolders(SHORT);
      Lease next = awaitAcquire(otherReplica(), "mine", LONG, takeOver(SHORT));

      assertThat(lease.held()).isFalse();
      assertThat(next.held()).isTrue();
    }

    @Test
    void onceLostALeaseIsNeverHeldAgain() {
      Lease lease = acquire(coordinator, "mine", SHORT);

      pauseHolders(SHORT);

      never("it is held again", SHORT.multipliedBy(2), lease::held);
    }

    @Test
    void closingALostLeaseDoesNotTakeItFromItsNewHolder() {
      Lease lost = acquire(coordinator, "mine", SHORT);
      pauseHolders(SHORT);
      Lease next = awaitAcquire(otherReplica(), "mine", LONG, takeOver(SHORT));

      lost.close();

      assertThat(next.held()).isTrue();
      never(
          "a third one gets it",
          Duration.ofMillis(300),
          () -> coordinator.tryAcquire("mine", LONG) != null);
    }

    @Test
    void itsLossIsToldOnceOnAVirtualThread() {
      Lease lease = acquire(coordinator, "mine", SHORT);
      AtomicInteger told = new AtomicInteger();
      AtomicBoolean virtual = new AtomicBoolean();
      lease.onLoss(
          () -> {
            virtual.set(Thread.currentThread().isVirtual());
            told.incrementAndGet();
          });

      pauseHolders(SHORT);
      eventually("the loss is told", takeOver(SHORT), () -> told.get() > 0);
      lease.close();

      never("it is told again", SHORT.multipliedBy(2), () -> told.get() != 1);
      assertThat(virtual).isTrue();
    }

    @Test
    void aLossOfBeforeIsToldAtOnce() {
      Lease lease = acquire(coordinator, "mine", LONG);
      pauseHolders(LONG);
      AtomicInteger told = new AtomicInteger();

      lease.onLoss(told::incrementAndGet);

      eventually("the loss is told", SOON, () -> told.get() == 1);
    }

    @Test
    void givingBackIsNoLoss() {
      Lease lease = acquire(coordinator, "mine", SHORT);
      AtomicInteger told = new AtomicInteger();
      lease.onLoss(told::incrementAndGet);

      lease.close();
      lease.close();
      lease.onLoss(told::incrementAndGet);

      never("a loss is told", SHORT.multipliedBy(2), () -> told.get() > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "a b", "a/b", "ä", "a\n"})
    void aNameThatIsNoneIsRefused(String name) {
      assertThatIllegalArgumentException().isThrownBy(() -> coordinator.tryAcquire(name, LONG));
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  coordinator.share(name, 1, LONG, new ShardRecorder(new ShardRecorder.Holders())));
    }

    @Test
    void aNameMayHave80CharactersAndNoMore() {
      acquire(coordinator, "az09:._-".repeat(10), LONG);

      assertThatIllegalArgumentException()
          .isThrownBy(() -> coordinator.tryAcquire("x".repeat(81), LONG));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.999S", "PT5M0.001S"})
    void aDurationOutOfBoundsIsRefused(Duration duration) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> coordinator.tryAcquire("mine", duration));
    }
  }

  @Nested
  class FencingTokens {

    @Test
    @Essential
    void everyNewHolderGetsAGreaterNumberUnderTheSameIdentity() {
      List<FencingToken> tokens = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Coordinator mine = i % 2 == 0 ? coordinator : otherReplica();
        try (Lease lease = awaitAcquire(mine, "mine", LONG, SOON)) {
          tokens.add(lease.token());
        }
      }

      assertThat(tokens)
          .extracting(FencingToken::identity)
          .containsOnly(tokens.getFirst().identity());
      assertThat(tokens.stream().map(FencingToken::number).toList())
          .isSorted()
          .doesNotHaveDuplicates();
    }

    @Test
    void aHolderAfterALostOneHasAGreaterNumber() {
      Lease lost = acquire(coordinator, "mine", SHORT);
      pauseHolders(SHORT);

      Lease next = awaitAcquire(otherReplica(), "mine", LONG, takeOver(SHORT));

      assertThat(next.token().identity()).isEqualTo(lost.token().identity());
      assertThat(next.token().number()).isGreaterThan(lost.token().number());
    }

    @Test
    void theIdentityChangesWhenTheStoreThatCountsIsMadeAnew() throws Exception {
      FencingToken before = acquire(coordinator, "mine", LONG).token();

      coordinator = startAnew();

      assertThat(awaitAcquire(coordinator, "mine", LONG, SOON).token().identity())
          .isNotEqualTo(before.identity());
    }
  }

  @Nested
  class SharedOutWork {

    private static final int SHARDS = 7;

    private final ShardRecorder.Holders holders = new ShardRecorder.Holders();

    private void awaitParts(Duration atMost, ShardRecorder... members) {
      int least = SHARDS / members.length;
      eventually(
          "each member has its part",
          atMost,
          () -> {
            Set<Integer> all = new TreeSet<>();
            boolean even = true;
            int sum = 0;
            for (ShardRecorder member : members) {
              Set<Integer> part = member.shards();
              all.addAll(part);
              sum += part.size();
              even &= part.size() == least || part.size() == least + 1;
            }
            return even && all.size() == SHARDS && sum == SHARDS;
          });
    }

    @Test
    void aSingleMemberHoldsAllShards() {
      ShardRecorder one = new ShardRecorder(holders);

      try (Membership membership = coordinator.share("work", SHARDS, LONG, one)) {
        awaitParts(SOON, one);
        assertThat(membership.shards()).isEqualTo(one.shards());
        assertThat(holders.breaches()).isEmpty();
      }
    }

    @Test
    @Essential
    void membersHaveEvenPartsToWithinOneShard() {
      ShardRecorder one = new ShardRecorder(holders);
      ShardRecorder two = new ShardRecorder(holders);
      ShardRecorder three = new ShardRecorder(holders);

      try (Membership a = coordinator.share("work", SHARDS, LONG, one)) {
        awaitParts(SOON, one);
        try (Membership b = otherReplica().share("work", SHARDS, LONG, two)) {
          awaitParts(takeOver(SHORT), one, two);
          try (Membership c = coordinator.share("work", SHARDS, LONG, three)) {
            awaitParts(takeOver(SHORT), one, two, three);
            Set<Integer> all = new TreeSet<>(a.shards());
            all.addAll(b.shards());
            all.addAll(c.shards());
            assertThat(all).hasSize(SHARDS);
          }
        }
      }
      assertThat(holders.breaches()).isEmpty();
    }

    @Test
    void whoLeavesGivesHisShardsBackAtOnce() {
      ShardRecorder one = new ShardRecorder(holders);
      ShardRecorder two = new ShardRecorder(holders);
      Membership leaving = coordinator.share("work", SHARDS, LONG, one);
      try (Membership staying = otherReplica().share("work", SHARDS, LONG, two)) {
        awaitParts(SOON, one, two);

        leaving.close();
        leaving.close();

        assertThat(leaving.shards()).isEmpty();
        assertThat(one.shards()).isEmpty();
        awaitParts(SOON, two);
        assertThat(staying.shards()).hasSize(SHARDS);
      }
      assertThat(holders.breaches()).isEmpty();
    }

    @Test
    void eachShardHasAtMostOneHolderWhileMembersComeAndGo() {
      ShardRecorder stays = slow();
      try (Membership base = coordinator.share("work", SHARDS, LONG, stays)) {
        for (int round = 0; round < 5; round++) {
          Membership a = otherReplica().share("work", SHARDS, LONG, slow());
          pause(Duration.ofMillis(60));
          Membership b = coordinator.share("work", SHARDS, LONG, slow());
          pause(Duration.ofMillis(60));
          a.close();
          pause(Duration.ofMillis(30));
          b.close();
        }
        awaitParts(SOON, stays);
        assertThat(base.shards()).hasSize(SHARDS);
      }
      assertThat(holders.breaches()).isEmpty();
      assertThat(stays.shards()).isEmpty();
    }

    /** Takes its time, so that overlapping calls would meet. */
    private ShardRecorder slow() {
      return new ShardRecorder(holders) {
        @Override
        void whileGained(int shard) {
          pause(Duration.ofMillis(20));
        }

        @Override
        void whileLost(int shard) {
          pause(Duration.ofMillis(20));
        }
      };
    }

    @Test
    void eachShardIsUnderALeaseOfItsOwn() {
      ShardRecorder one = new ShardRecorder(holders);
      try (Membership membership = coordinator.share("work", SHARDS, LONG, one)) {
        awaitParts(SOON, one);

        List<Lease> leases = IntStream.range(0, SHARDS).mapToObj(one::lease).toList();

        assertThat(leases).allMatch(Lease::held);
        assertThat(leases).extracting(Lease::name).doesNotHaveDuplicates();
        assertThat(membership.shards()).hasSize(SHARDS);
      }
    }

    @Test
    void aShardThatIsLostIsToldAndAcquiredAgainUnderANewToken() {
      ShardRecorder one = new ShardRecorder(holders);
      try (Membership membership = coordinator.share("work", 1, SHORT, one)) {
        eventually("the shard is gained", SOON, () -> one.tokens().size() == 1);

        pauseHolders(SHORT);

        eventually("it is gained again", takeOver(SHORT), () -> one.tokens().size() > 1);
        assertThat(one.tokens().get(1).number()).isGreaterThan(one.tokens().get(0).number());
        eventually("it is held again", SOON, () -> membership.shards().equals(Set.of(0)));
      }
      assertThat(holders.breaches()).isEmpty();
    }

    @Test
    void aShardWhoseLeaseIsClosedByItsListenerIsAcquiredAgainUnderANewToken() {
      ShardRecorder one = new ShardRecorder(holders);
      try (Membership membership = coordinator.share("work", 1, SHORT, one)) {
        eventually("the shard is gained", SOON, () -> one.shards().contains(0));

        one.lease(0).close();

        eventually("it is gained again", takeOver(SHORT), () -> one.tokens().size() > 1);
        assertThat(one.tokens().get(1).number()).isGreaterThan(one.tokens().get(0).number());
        eventually("it is held again", SOON, () -> membership.shards().equals(Set.of(0)));
      }
      assertThat(holders.breaches()).isEmpty();
    }

    @Test
    void whoTakesAShardOverHasAGreaterNumber() {
      ShardRecorder one = new ShardRecorder(holders);
      ShardRecorder two = new ShardRecorder(holders);
      Membership leaving = coordinator.share("work", 1, LONG, one);
      eventually("the shard is gained", SOON, () -> one.shards().contains(0));

      leaving.close();
      try (Membership next = otherReplica().share("work", 1, LONG, two)) {
        eventually("it is taken over", SOON, () -> next.shards().contains(0));
        eventually("its listener is told", SOON, () -> !two.tokens().isEmpty());
        assertThat(two.tokens().getFirst().number())
            .isGreaterThan(one.tokens().getFirst().number());
      }
    }

    @Test
    void aListenerThatHangsHoldsUpItsOwnShardOnly() {
      CountDownLatch release = new CountDownLatch(1);
      ShardRecorder one =
          new ShardRecorder(holders) {
            @Override
            void whileGained(int shard) {
              if (shard == 0) {
                awaitUninterrupted(release);
              }
            }
          };
      try (Membership membership = coordinator.share("work", SHARDS, LONG, one)) {
        awaitParts(SOON, one);
        assertThat(membership.shards()).hasSize(SHARDS);
        release.countDown();
      }
    }

    @Test
    void aShardWhoseListenerDoesNotLetGoIsFreeWhenItsLeaseEnds() {
      CountDownLatch release = new CountDownLatch(1);
      ShardRecorder hanging =
          new ShardRecorder(new ShardRecorder.Holders()) {
            @Override
            void whileLost(int shard) {
              awaitUninterrupted(release);
            }
          };
      ShardRecorder two = new ShardRecorder(holders);
      Membership leaving = coordinator.share("work", 1, SHORT, hanging);
      eventually("the shard is gained", SOON, () -> hanging.shards().contains(0));
      Lease first = hanging.lease(0);
      try (Membership next = otherReplica().share("work", 1, SHORT, two)) {
        leaving.close();

        eventually("it is taken over", takeOver(SHORT), () -> next.shards().contains(0));
        assertThat(first.held()).isFalse();
      } finally {
        release.countDown();
      }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new AssertionError("A listener's thread was interrupted", e);
      }
    }

    @Test
    void whatAListenerThrowsChangesNothing() {
      ShardRecorder one =
          new ShardRecorder(holders) {
            @Override
            void whileGained(int shard) {
              if (shard == 0) {
                throw new IllegalStateException("Thrown by the test's listener");
              }
            }
          };
      try (Membership membership = coordinator.share("work", SHARDS, LONG, one)) {
        awaitParts(SOON, one);
        assertThat(membership.shards()).hasSize(SHARDS);
      }
    }

    @Test
    void aListenerMayCloseItsOwnMembership() {
      List<Membership> own = new ArrayList<>();
      CountDownLatch joined = new CountDownLatch(1);
      CountDownLatch closed = new CountDownLatch(1);
      ShardRecorder one =
          new ShardRecorder(holders) {
            @Override
            void whileGained(int shard) {
              awaitUninterrupted(joined);
              own.getFirst().close();
              closed.countDown();
            }
          };
      own.add(coordinator.share("work", 1, LONG, one));
      joined.countDown();

      eventually("the membership is closed", SOON, () -> closed.getCount() == 0);
      eventually("the shard is given back", SOON, () -> one.shards().isEmpty());
    }

    @Test
    void namesOfSharedOutWorkAndOfLeasesAreApart() {
      ShardRecorder one = new ShardRecorder(holders);
      acquire(coordinator, "work", LONG);
      try (Membership membership = coordinator.share("work", SHARDS, LONG, one)) {
        awaitParts(SOON, one);
        assertThat(membership.shards()).hasSize(SHARDS);
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1_001})
    void aNumberOfShardsOutOfBoundsIsRefused(int shards) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> coordinator.share("work", shards, LONG, new ShardRecorder(holders)));
    }
  }

  @Nested
  class Failures {

    @Test
    void everyCallIsUnavailableWhileTheTargetIsDown() throws Exception {
      setDown(true);
      try {
        assertUnavailable(() -> coordinator.tryAcquire("mine", LONG));
      } finally {
        setDown(false);
      }
    }

    @Test
    void whatIsHeldIsLostWithinItsLeaseWhileTheTargetIsDown() throws Exception {
      Lease lease = acquire(coordinator, "mine", SHORT);
      AtomicInteger told = new AtomicInteger();
      lease.onLoss(told::incrementAndGet);

      setDown(true);
      try {
        eventually("the lease is lost", takeOver(SHORT), () -> !lease.held());
        eventually("the loss is told", takeOver(SHORT), () -> told.get() == 1);
      } finally {
        setDown(false);
      }
    }

    @Test
    @Essential
    void itWorksAgainWithoutARestartWhenTheTargetReturns() throws Exception {
      setDown(true);
      assertUnavailable(() -> coordinator.tryAcquire("mine", LONG));
      setDown(false);

      try (Lease lease = awaitAcquire(coordinator, "mine", LONG, SOON)) {
        assertThat(lease.held()).isTrue();
      }
    }
  }
}
