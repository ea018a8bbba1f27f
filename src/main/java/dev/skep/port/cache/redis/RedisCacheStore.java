package dev.skep.port.cache.redis;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.Driver;
import dev.skep.port.Redacted;
import dev.skep.port.cache.CacheLimits;
import dev.skep.port.cache.CacheStore;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The cache of all replicas in Redis. Entries and counters have keys of their own below the prefix,
 * each expiring by itself, so nothing is ever scanned.
 */
@Singleton
@Identifier("redis")
public final class RedisCacheStore implements CacheStore, Driver {

  /** In one step, since a counter that expired between two would begin anew without an end. */
  private static final String ADD =
      "local value = redis.call('INCRBY', KEYS[1], ARGV[1]) "
          + "if redis.call('PTTL', KEYS[1]) == -1 then "
          + "redis.call('PEXPIRE', KEYS[1], ARGV[2]) end "
          + "return value";

  private final Vertx vertx;
  private final RedisCacheConfig config;
  private final String entries;
  private final String counters;
  private volatile @Nullable RedisLine line;

  @Inject
  public RedisCacheStore(Vertx vertx, RedisCacheConfig config) {
    this.vertx = vertx;
    this.config = config;
    this.entries = config.prefix() + ":entry:";
    this.counters = config.prefix() + ":count:";
  }

  @Override
  public void open() {
    RedisLine opened = new RedisLine(vertx, RedisAccess.options(config), config.pause());
    try {
      new RedisOpening(config, opened).check();
      line = opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  @Override
  public String target() {
    return config.mode().name().toLowerCase(Locale.ROOT)
        + " "
        + Redacted.address(config.servers())
        + (config.tls() ? " (TLS)" : "")
        + " keys "
        + config.prefix()
        + ":*";
  }

  @Override
  public void check() {
    ask(Request.cmd(Command.GET).arg(entries + "check"));
  }

  @Override
  public void close() {
    RedisLine last = line;
    line = null;
    if (last != null) {
      last.close();
    }
  }

  @Override
  public byte @Nullable [] get(String key) {
    Response found = ask(Request.cmd(Command.GET).arg(entries + CacheLimits.key(key)));
    return found == null ? null : found.toBytes();
  }

  @Override
  public void put(String key, byte[] value, Duration timeToLive) {
    ask(
        Request.cmd(Command.SET)
            .arg(entries + CacheLimits.key(key))
            .arg(Buffer.buffer(CacheLimits.value(value)))
            .arg("PX")
            .arg(CacheLimits.timeToLive(timeToLive).toMillis()));
  }

  @Override
  public void remove(String key) {
    ask(Request.cmd(Command.DEL).arg(entries + CacheLimits.key(key)));
  }

  @Override
  public long add(String key, long amount, Duration timeToLive) {
    Response value =
        ask(
            Request.cmd(Command.EVAL)
                .arg(ADD)
                .arg(1)
                .arg(counters + CacheLimits.key(key))
                .arg(amount)
                .arg(CacheLimits.timeToLive(timeToLive).toMillis()));
    return value == null ? 0 : Objects.requireNonNull(value.toLong());
  }

  @Override
  public long count(String key) {
    Response value = ask(Request.cmd(Command.GET).arg(counters + CacheLimits.key(key)));
    return value == null ? 0 : Objects.requireNonNull(value.toLong());
  }

  private @Nullable Response ask(Request request) {
    RedisLine open = line;
    if (open == null) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "The cache is not open");
    }
    try {
      return open.ask(request, config.timeout());
    } catch (RedisRefusal e) {
      throw e.toSkepException();
    }
  }
}
