package dev.skep.port.cache.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.port.cache.CacheStore;
import dev.skep.port.cache.CacheStoreContract;
import dev.skep.testkit.ContractRun;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each part of the contract catches a cache that breaks it. */
class CacheStoreContractTest {

  @Test
  void everyPartHasItsCatch() {
    assertThat(ContractRun.nestedClasses(CacheStoreContract.class))
        .containsExactlyInAnyOrder("Entries", "Counters", "Failures");
  }

  @Test
  void entriesCatchesACacheThatNeverExpires() {
    ContractRun.of(OverEntriesThatStay.class, "Entries")
        .assertRed(
            "anEntryIsNeverReturnedAfterItsTimeToLive", "aPutReplacesALongTimeToLiveByAShortOne");
  }

  @Test
  void countersCatchesAdditionsThatRenewTheTimeToLiveAndLoseEachOther() {
    ContractRun.of(OverCountersOfTwoSteps.class, "Counters")
        .assertRed(
            "additionsAreAtomicAmongAllCallers",
            "theTimeToLiveCountsFromTheAdditionThatMadeTheCounter");
  }

  @Test
  void failuresCatchesACacheThatHidesThatItIsDown() {
    ContractRun.of(OverHiddenFailures.class, "Failures")
        .assertRed("everyCallIsUnavailableWhileTheTargetIsDown");
  }

  /** Keeps everything for days, whatever it is told. */
  static class OverEntriesThatStay extends EmbeddedCacheStoreTest {
    @Override
    protected CacheStore start() {
      return new Wrapper(super.start()) {
        @Override
        public void put(String key, byte[] value, Duration timeToLive) {
          store.put(key, value, timeToLive.multipliedBy(1_000).plusMillis(1));
        }
      };
    }
  }

  /** Reads, then writes. */
  static class OverCountersOfTwoSteps extends EmbeddedCacheStoreTest {
    @Override
    protected CacheStore start() {
      return new Wrapper(super.start()) {
        private final Map<String, Long> counters = new HashMap<>();

        @Override
        public long add(String key, long amount, Duration timeToLive) {
          long value = count(key) + amount;
          Thread.yield();
          synchronized (counters) {
            counters.put(key, value);
          }
          return value;
        }

        @Override
        public long count(String key) {
          synchronized (counters) {
            return counters.getOrDefault(key, 0L);
          }
        }
      };
    }
  }

  /** Answers as if it were merely empty. */
  static class OverHiddenFailures extends EmbeddedCacheStoreTest {
    @Override
    protected CacheStore start() {
      return new Wrapper(super.start()) {
        @Override
        public byte @Nullable [] get(String key) {
          try {
            return store.get(key);
          } catch (RuntimeException e) {
            return null;
          }
        }
      };
    }
  }

  private static class Wrapper implements CacheStore {

    final CacheStore store;

    Wrapper(CacheStore store) {
      this.store = store;
    }

    @Override
    public byte @Nullable [] get(String key) {
      return store.get(key);
    }

    @Override
    public void put(String key, byte[] value, Duration timeToLive) {
      store.put(key, value, timeToLive);
    }

    @Override
    public void remove(String key) {
      store.remove(key);
    }

    @Override
    public long add(String key, long amount, Duration timeToLive) {
      return store.add(key, amount, timeToLive);
    }

    @Override
    public long count(String key) {
      return store.count(key);
    }
  }
}
