package dev.skep.domain.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Expiring counters of one replica, for what the cache does not count. Thread-safe. */
final class LocalCounters {

  private static final int MOST = 10_000;

  private record Counter(long value, Instant endsAt) {}

  private final ConcurrentMap<String, Counter> counters = new ConcurrentHashMap<>();

  long add(String key, long amount, Instant now, Duration timeToLive) {
    if (counters.size() >= MOST) {
      makeRoom(now);
    }
    return counters.compute(
            key,
            (same, before) ->
                before == null || !now.isBefore(before.endsAt)
                    ? new Counter(amount, now.plus(timeToLive))
                    : new Counter(before.value + amount, before.endsAt))
        .value;
  }

  long count(String key, Instant now) {
    @Nullable Counter counter = counters.get(key);
    return counter == null || !now.isBefore(counter.endsAt) ? 0 : counter.value;
  }

  /** Where nothing has expired, all is forgotten: memory must not grow with what strangers type. */
  private void makeRoom(Instant now) {
    counters.values().removeIf(counter -> !now.isBefore(counter.endsAt));
    if (counters.size() >= MOST) {
      counters.clear();
    }
  }
}
