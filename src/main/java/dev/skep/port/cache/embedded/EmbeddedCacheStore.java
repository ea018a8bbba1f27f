package dev.skep.port.cache.embedded;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import dev.skep.port.Driver;
import dev.skep.port.cache.CacheLimits;
import dev.skep.port.cache.CacheStore;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The cache of a single process, in its memory. Values and counters are two caches, so that a flood
 * of values never pushes a counter out.
 */
@Singleton
@Identifier("embedded")
public final class EmbeddedCacheStore implements CacheStore, Driver {

  private static final long MIN_BYTES = 2L * CacheLimits.MAX_VALUE;
  private static final long MIN_COUNTERS = 1_000;

  /** What an entry costs beside its bytes: the nodes of map and queues, two arrays' headers. */
  private static final int OVERHEAD = 160;

  private record Value(byte[] bytes, Duration timeToLive) {}

  private record Counter(long value, Duration timeToLive) {}

  private record Caches(Cache<String, Value> values, Cache<String, Counter> counters) {}

  private final EmbeddedCacheConfig config;
  private final Ticker ticker;
  private volatile @Nullable Caches caches;

  @Inject
  public EmbeddedCacheStore(EmbeddedCacheConfig config) {
    this(config, Ticker.systemTicker());
  }

  /**
   * @param ticker the monotonic clock that entries age by
   */
  EmbeddedCacheStore(EmbeddedCacheConfig config, Ticker ticker) {
    this.config = config;
    this.ticker = ticker;
  }

  @Override
  public void open() {
    atLeast(MIN_BYTES, config.maxBytes(), "skep.cache.embedded.max-bytes");
    atLeast(MIN_COUNTERS, config.maxCounters(), "skep.cache.embedded.max-counters");
    caches =
        new Caches(
            builder()
                .maximumWeight(config.maxBytes())
                .weigher(
                    (String key, Value value) -> key.length() + value.bytes().length + OVERHEAD)
                .expireAfter(Expiry.<String, Value>writing((key, value) -> value.timeToLive()))
                .build(),
            builder()
                .maximumSize(config.maxCounters())
                .expireAfter(
                    Expiry.<String, Counter>creating((key, counter) -> counter.timeToLive()))
                .build());
  }

  @Override
  public byte @Nullable [] get(String key) {
    Value value = open(caches).values().getIfPresent(CacheLimits.key(key));
    return value == null ? null : value.bytes().clone();
  }

  @Override
  public void put(String key, byte[] value, Duration timeToLive) {
    open(caches)
        .values()
        .put(
            CacheLimits.key(key),
            new Value(CacheLimits.value(value).clone(), CacheLimits.timeToLive(timeToLive)));
  }

  @Override
  public void remove(String key) {
    open(caches).values().invalidate(CacheLimits.key(key));
  }

  @Override
  public long add(String key, long amount, Duration timeToLive) {
    Counter made = new Counter(amount, CacheLimits.timeToLive(timeToLive));
    Counter counter =
        open(caches)
            .counters()
            .asMap()
            .merge(
                CacheLimits.key(key),
                made,
                (old, added) -> new Counter(old.value() + amount, old.timeToLive()));
    return Objects.requireNonNull(counter).value();
  }

  @Override
  public long count(String key) {
    Counter counter = open(caches).counters().getIfPresent(CacheLimits.key(key));
    return counter == null ? 0 : counter.value();
  }

  @Override
  public String target() {
    return "memory, at most " + (config.maxBytes() >> 20) + " MiB";
  }

  @Override
  public void check() {
    open(caches);
  }

  @Override
  public void close() {
    caches = null;
  }

  /** Maintenance runs on the caller: it is short, and no shared pool must be waited for. */
  private Caffeine<Object, Object> builder() {
    return Caffeine.newBuilder().ticker(ticker).executor(Runnable::run);
  }

  private static void atLeast(long least, long actual, String key) {
    if (actual < least) {
      throw new CannotOpen(key, "must be at least " + least + ", not " + actual, null);
    }
  }

  private static Caches open(@Nullable Caches caches) {
    if (caches == null) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "The cache is not open");
    }
    return caches;
  }
}
