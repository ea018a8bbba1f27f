package dev.skep.common.admission;

import static dev.skep.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FairPoolTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  @Test
  void whatIsClosedIsFreeAgainOnce() {
    FairPool pool = new FairPool("things", 10, 10);
    Permit held = pool.acquire("anna", 7, SHORT);
    assertThat(pool.free()).isEqualTo(3);
    held.close();
    held.close();
    assertThat(pool.free()).isEqualTo(10);
  }

  @Test
  void whoFindsNothingFreeInTimeIsRefusedAndToldWhatIsFull() {
    FairPool pool = new FairPool("things", 10, 10);
    try (Permit held = pool.acquire("anna", 7, SHORT)) {
      assertThatExceptionOfType(SkepException.class)
          .isThrownBy(() -> pool.acquire("berta", 4, SHORT))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY))
          .satisfies(e -> assertThat(e.detail()).contains("things"))
          .satisfies(e -> assertThat(e.retryAfter()).isNotNull());
    }
    pool.acquire("berta", 10, SHORT).close();
  }

  @Test
  void anOwnerHasHisShareOnlyAndOthersGoOn() {
    FairPool pool = new FairPool("things", 10, 5);
    Permit first = pool.acquire("anna", 5, SHORT);
    Future<Permit> second = threads.submit(() -> pool.acquire("anna", 1, LONG));
    pool.acquire("berta", 5, SHORT).close();
    assertThat(second.isDone()).isFalse();
    first.close();
    eventually("her second goes on", LONG, second::isDone);
  }

  @Test
  void moreThanAShareCountsAsTheShare() {
    FairPool pool = new FairPool("things", 10, 5);
    try (Permit held = pool.acquire("anna", 1_000, SHORT)) {
      assertThat(pool.free()).isEqualTo(5);
    }
    assertThat(pool.free()).isEqualTo(10);
  }

  @Test
  void ownersTakeTurnsHoweverManyOneHasWaiting() throws Exception {
    FairPool pool = new FairPool("things", 1, 1);
    Permit held = pool.acquire("anna", 1, SHORT);
    for (int i = 0; i < 20; i++) {
      waiting(pool, "anna", 1, i + 1);
    }
    waiting(pool, "berta", 1, 21);
    waiting(pool, "carla", 1, 22);
    held.close();
    eventually("all had their turn", LONG, () -> order.size() == 22);
    assertThat(order.subList(0, 3)).containsExactlyInAnyOrder("anna", "berta", "carla");
  }

  @Test
  void aLargeOneIsNotOvertakenForEver() throws Exception {
    FairPool pool = new FairPool("things", 10, 10);
    Permit most = pool.acquire("anna", 6, SHORT);
    waiting(pool, "berta", 9, 1);
    waiting(pool, "carla", 2, 2);
    assertThat(order).isEmpty();
    most.close();
    eventually("both had their turn", LONG, () -> order.size() == 2);
    assertThat(order).containsExactly("berta", "carla");
  }

  @Test
  void whoGivesUpWaitingLetsTheNextOneIn() throws Exception {
    FairPool pool = new FairPool("things", 10, 10);
    try (Permit most = pool.acquire("anna", 6, SHORT)) {
      CountDownLatch refused = new CountDownLatch(1);
      threads.submit(
          () -> {
            try {
              return pool.acquire("berta", 9, Duration.ofMillis(300));
            } catch (SkepException e) {
              refused.countDown();
              throw e;
            }
          });
      eventually("they wait as expected", LONG, () -> pool.waiting() == 1);
      Future<Permit> next = threads.submit(() -> pool.acquire("carla", 2, LONG));
      refused.await();
      eventually("the next one goes on", LONG, next::isDone);
      next.get().close();
    }
  }

  @Test
  void whoIsInterruptedHoldsNothing() {
    FairPool pool = new FairPool("things", 10, 10);
    Permit held = pool.acquire("anna", 10, SHORT);
    Future<Permit> waiting = threads.submit(() -> pool.acquire("berta", 1, LONG));
    eventually("they wait as expected", LONG, () -> pool.waiting() == 1);
    waiting.cancel(true);
    eventually("they wait as expected", LONG, () -> pool.waiting() == 0);
    held.close();
    assertThat(pool.free()).isEqualTo(10);
  }

  @Test
  void anOwnerCannotLetMoreThanAThousandWait() {
    FairPool pool = new FairPool("things", 1, 1);
    Permit held = pool.acquire("anna", 1, SHORT);
    for (int i = 0; i < 1_000; i++) {
      threads.submit(() -> pool.acquire("anna", 1, LONG));
    }
    eventually("they wait as expected", LONG, () -> pool.waiting() == 1_000);
    assertThatExceptionOfType(SkepException.class)
        .isThrownBy(() -> pool.acquire("anna", 1, LONG))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY));
    assertThat(pool.waiting()).isEqualTo(1_000);
    held.close();
  }

  @Test
  void manyAtOnceNeverHoldMoreThanThereIsAndGiveAllOfItBack() throws Exception {
    FairPool pool = new FairPool("things", 100, 40);
    AtomicLong held = new AtomicLong();
    AtomicLong most = new AtomicLong();
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      Random random = new Random(i);
      int owner = i % 5;
      all.add(
          threads.submit(
              () -> {
                for (int round = 0; round < 300; round++) {
                  int amount = 1 + random.nextInt(40);
                  try (Permit permit = pool.acquire(owner, amount, LONG)) {
                    most.accumulateAndGet(held.addAndGet(amount), Math::max);
                    Thread.yield();
                    held.addAndGet(-amount);
                  }
                }
                return null;
              }));
    }
    for (Future<?> one : all) {
      one.get();
    }
    assertThat(most.get()).isBetween(41L, 100L);
    assertThat(pool.free()).isEqualTo(100);
  }

  /** Lets somebody wait, who notes his turn and gives back at once. */
  private void waiting(FairPool pool, String owner, long amount, int then) {
    threads.submit(
        () -> {
          try (Permit permit = pool.acquire(owner, amount, LONG)) {
            order.add(owner);
          }
        });
    eventually("they wait as expected", LONG, () -> pool.waiting() == then);
  }
}
