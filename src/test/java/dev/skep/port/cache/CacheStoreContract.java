package dev.skep.port.cache;

import static dev.skep.testkit.Eventually.pause;
import static dev.skep.testkit.Failing.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.skep.testkit.tier.Essential;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link CacheStore} promises; each driver passes it on its real target. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class CacheStoreContract {

  private static final Duration LONG = Duration.ofMinutes(10);

  private CacheStore store;

  /** Opens the cache, empty. */
  protected abstract CacheStore start() throws Exception;

  protected abstract void stop() throws Exception;

  /** What another replica sees; the same store where a driver serves one process only. */
  protected CacheStore otherReplica() {
    return store;
  }

  /** Takes the target away, or gives it back, possibly empty, without a restart of the replica. */
  protected abstract void setDown(boolean down) throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = start();
  }

  @AfterEach
  void close() throws Exception {
    stop();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Nested
  class Entries {

    @Test
    void aValueIsReturnedByEveryReplica() {
      store.put("a", bytes("one"), LONG);

      assertThat(store.get("a")).isEqualTo(bytes("one"));
      assertThat(otherReplica().get("a")).isEqualTo(bytes("one"));
    }

    @Test
    void whatWasNeverPutIsNotThere() {
      assertThat(store.get("nothing")).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1 << 20})
    @Essential
    void aValueOfAnyBytesAndLengthUpToOneMebibyteComesBackAsItWas(int length) {
      byte[] value = new byte[length];
      new Random(length).nextBytes(value);

      store.put("a", value, LONG);

      assertThat(store.get("a")).isEqualTo(value);
    }

    @Test
    void aPutReplacesTheValue() {
      store.put("a", bytes("one"), LONG);
      otherReplica().put("a", bytes("two"), LONG);

      assertThat(store.get("a")).isEqualTo(bytes("two"));
    }

    @Test
    void anEntryIsNeverReturnedAfterItsTimeToLive() {
      Duration timeToLive = Duration.ofMillis(300);
      store.put("a", bytes("one"), timeToLive);

      pause(timeToLive.plusMillis(20));

      assertThat(store.get("a")).isNull();
      assertThat(otherReplica().get("a")).isNull();
    }

    @Test
    void aPutReplacesALongTimeToLiveByAShortOne() {
      store.put("a", bytes("one"), LONG);
      store.put("a", bytes("two"), Duration.ofMillis(100));

      pause(Duration.ofMillis(120));

      assertThat(store.get("a")).isNull();
    }

    @Test
    void aPutReplacesAShortTimeToLiveByALongOne() {
      store.put("a", bytes("one"), Duration.ofMillis(100));
      store.put("a", bytes("two"), LONG);

      pause(Duration.ofMillis(200));

      assertThat(store.get("a")).isEqualTo(bytes("two"));
    }

    @Test
    void readingDoesNotRenewTheTimeToLive() {
      store.put("a", bytes("one"), Duration.ofMillis(300));
      for (int i = 0; i < 8; i++) {
        pause(Duration.ofMillis(40));
        store.get("a");
      }

      assertThat(store.get("a")).isNull();
    }

    @Test
    void anEntryIsNeverReturnedAfterARemoveThatReturned() {
      store.put("a", bytes("one"), LONG);
      store.put("b", bytes("two"), LONG);

      store.remove("a");

      assertThat(store.get("a")).isNull();
      assertThat(otherReplica().get("a")).isNull();
      assertThat(store.get("b")).isEqualTo(bytes("two"));
    }

    @Test
    void removingWhatIsNotThereDoesNothing() {
      store.remove("nothing");

      assertThat(store.get("nothing")).isNull();
    }

    @Test
    void arraysAreCopiedOnTheWayInAndOut() {
      byte[] value = bytes("one");
      store.put("a", value, LONG);
      value[0] = 'X';
      store.get("a")[1] = 'X';

      assertThat(store.get("a")).isEqualTo(bytes("one"));
    }

    static Stream<String> badKeys() {
      return Stream.of("", "A", "a b", "a/b", "ä", "a\n", "a\0", "*", "x".repeat(201));
    }

    @ParameterizedTest
    @MethodSource("badKeys")
    void aKeyThatIsNoneIsRefused(String key) {
      assertThatIllegalArgumentException().isThrownBy(() -> store.get(key));
      assertThatIllegalArgumentException().isThrownBy(() -> store.put(key, bytes("x"), LONG));
      assertThatIllegalArgumentException().isThrownBy(() -> store.remove(key));
      assertThatIllegalArgumentException().isThrownBy(() -> store.add(key, 1, LONG));
      assertThatIllegalArgumentException().isThrownBy(() -> store.count(key));
    }

    @Test
    void aKeyMayHave200Characters() {
      String key = "az09:._-".repeat(25);
      store.put(key, bytes("one"), LONG);

      assertThat(key).hasSize(200);
      assertThat(store.get(key)).isEqualTo(bytes("one"));
    }

    @Test
    void aValueOfMoreThanOneMebibyteIsRefused() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> store.put("a", new byte[(1 << 20) + 1], LONG));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.0009S", "P30DT0.001S"})
    void aTimeToLiveOutOfBoundsIsRefused(Duration timeToLive) {
      assertThatIllegalArgumentException().isThrownBy(() -> store.put("a", bytes("x"), timeToLive));
      assertThatIllegalArgumentException().isThrownBy(() -> store.add("a", 1, timeToLive));
    }
  }

  @Nested
  class Counters {

    @Test
    void aCounterBeginsAtZeroAndAnAdditionReturnsItsNewValue() {
      assertThat(store.count("c")).isZero();
      assertThat(store.add("c", 5, LONG)).isEqualTo(5);
      assertThat(otherReplica().add("c", -2, LONG)).isEqualTo(3);
      assertThat(store.count("c")).isEqualTo(3);
    }

    @Test
    @Essential
    void additionsAreAtomicAmongAllCallers() throws Exception {
      int callers = 16;
      int additions = 200;
      List<Callable<List<Long>>> work = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        CacheStore mine = i % 2 == 0 ? store : otherReplica();
        work.add(
            () -> LongStream.range(0, additions).map(n -> mine.add("c", 1, LONG)).boxed().toList());
      }
      List<Long> seen = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Future<List<Long>> each : threads.invokeAll(work)) {
          seen.addAll(each.get());
        }
      }

      assertThat(seen)
          .containsExactlyInAnyOrderElementsOf(
              LongStream.rangeClosed(1, (long) callers * additions).boxed().toList());
      assertThat(store.count("c")).isEqualTo((long) callers * additions);
    }

    @Test
    void theTimeToLiveCountsFromTheAdditionThatMadeTheCounter() {
      Duration timeToLive = Duration.ofMillis(400);
      String counter = "c";
      // On a busy machine it may have ended before the second addition.
      while (!isAddedTwice(counter, timeToLive)) {
        timeToLive = timeToLive.multipliedBy(2);
        assertThat(timeToLive).isLessThan(Duration.ofSeconds(10));
        counter += "c";
      }
      pause(timeToLive.multipliedBy(11).dividedBy(20));

      assertThat(store.count(counter)).isZero();
      assertThat(store.add(counter, 7, LONG)).isEqualTo(7);
    }

    /** In the middle of its life, with a longer one. */
    private boolean isAddedTwice(String counter, Duration timeToLive) {
      store.add(counter, 1, timeToLive);
      pause(timeToLive.dividedBy(2));
      return store.add(counter, 1, LONG) == 2;
    }

    @Test
    void aLaterAdditionDoesNotShortenTheTimeToLive() {
      store.add("c", 1, LONG);
      store.add("c", 1, Duration.ofMillis(50));
      pause(Duration.ofMillis(100));

      assertThat(store.count("c")).isEqualTo(2);
    }

    @Test
    void aCounterAndAnEntryOfTheSameKeyHaveNothingToDoWithEachOther() {
      store.put("a", bytes("one"), LONG);
      store.add("a", 3, LONG);

      assertThat(store.get("a")).isEqualTo(bytes("one"));
      store.remove("a");
      assertThat(store.count("a")).isEqualTo(3);
      assertThat(store.get("a")).isNull();
    }
  }

  @Nested
  class Failures {

    @Test
    void everyCallIsUnavailableWhileTheTargetIsDown() throws Exception {
      setDown(true);
      try {
        assertUnavailable(() -> store.get("a"));
        assertUnavailable(() -> store.put("a", bytes("one"), LONG));
        assertUnavailable(() -> store.remove("a"));
        assertUnavailable(() -> store.add("a", 1, LONG));
        assertUnavailable(() -> store.count("a"));
      } finally {
        setDown(false);
      }
    }

    @Test
    @Essential
    void itWorksAgainWithoutARestartWhenTheTargetReturns() throws Exception {
      setDown(true);
      assertUnavailable(() -> store.get("a"));
      setDown(false);

      store.put("b", bytes("two"), LONG);

      assertThat(store.get("b")).isEqualTo(bytes("two"));
      assertThat(store.add("new", 1, LONG)).isEqualTo(1);
    }
  }
}
