package dev.skep.port.cache.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.port.CannotOpen;
import dev.skep.port.cache.CacheStore;
import dev.skep.port.cache.CacheStoreContract;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract in this process' memory, and what only this driver promises. */
class EmbeddedCacheStoreTest extends CacheStoreContract {

  private static final Duration LONG = Duration.ofMinutes(10);
  private static final long MEBIBYTE = 1 << 20;

  private EmbeddedCacheStore store;

  @Override
  protected CacheStore start() {
    store = new EmbeddedCacheStore(new TestConfig(4 * MEBIBYTE, 1_000), System::nanoTime);
    store.open();
    return store;
  }

  @Override
  protected void stop() {
    store.close();
  }

  /** Memory is never down; a driver that is not open stands for it. */
  @Override
  protected void setDown(boolean down) {
    if (down) {
      store.close();
    } else {
      store.open();
    }
  }

  @Nested
  class Memory {

    @Test
    void valuesNeverTakeMoreThanTheirShareOfMemory() {
      IntStream.range(0, 200).forEach(i -> store.put("v" + i, new byte[100_000], LONG));

      long kept = IntStream.range(0, 200).filter(i -> store.get("v" + i) != null).count();
      assertThat(kept).isPositive().isLessThanOrEqualTo(4 * MEBIBYTE / 100_000);
    }

    @Test
    void aFloodOfValuesPushesNoCounterOut() {
      IntStream.range(0, 500).forEach(i -> store.add("c" + i, 1, LONG));
      IntStream.range(0, 200).forEach(i -> store.put("v" + i, new byte[100_000], LONG));

      assertThat(IntStream.range(0, 500).mapToLong(i -> store.count("c" + i)).sum()).isEqualTo(500);
    }

    @Test
    void aFloodOfCountersIsBounded() {
      IntStream.range(0, 20_000).forEach(i -> store.add("c" + i, 1, LONG));

      assertThat(IntStream.range(0, 20_000).filter(i -> store.count("c" + i) == 1).count())
          .isLessThanOrEqualTo(1_000);
    }
  }

  @Nested
  class Time {

    @Test
    void anEntryLivesUntilTheLastNanosecondOfItsTime() {
      AtomicLong now = new AtomicLong(1_000);
      EmbeddedCacheStore frozen =
          new EmbeddedCacheStore(new TestConfig(4 * MEBIBYTE, 1_000), now::get);
      frozen.open();
      frozen.put("a", new byte[1], Duration.ofDays(30));
      frozen.add("c", 1, Duration.ofDays(30));

      now.addAndGet(Duration.ofDays(30).toNanos() - 1);
      assertThat(frozen.get("a")).isNotNull();
      assertThat(frozen.count("c")).isEqualTo(1);

      now.addAndGet(1);
      assertThat(frozen.get("a")).isNull();
      assertThat(frozen.count("c")).isZero();
    }
  }

  @Nested
  class Configuration {

    @Test
    void tooLittleMemoryIsRefusedWithTheKey() {
      assertThatExceptionOfType(CannotOpen.class)
          .isThrownBy(() -> new EmbeddedCacheStore(new TestConfig(1, 1_000)).open())
          .satisfies(
              e ->
                  assertThat(e.line())
                      .isEqualTo("skep.cache.embedded.max-bytes: must be at least 2097152, not 1"));
    }

    @Test
    void tooFewCountersAreRefusedWithTheKey() {
      assertThatExceptionOfType(CannotOpen.class)
          .isThrownBy(() -> new EmbeddedCacheStore(new TestConfig(4 * MEBIBYTE, 0)).open())
          .satisfies(
              e ->
                  assertThat(e.line())
                      .isEqualTo("skep.cache.embedded.max-counters: must be at least 1000, not 0"));
    }
  }
}
