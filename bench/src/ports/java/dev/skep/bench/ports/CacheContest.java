package dev.skep.bench.ports;

import dev.skep.boot.CalledPorts;
import dev.skep.port.cache.CacheStore;
import dev.skep.port.cache.redis.RedisCacheConfig;
import dev.skep.port.cache.redis.RedisCacheStore;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Entries of 1 KB and a counter. */
final class CacheContest implements Contest {

  private static final int SIZE = 1024;
  private static final int CALLERS = 16;
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final String KEY = "bench";

  /** The driver's own script. */
  private static final String ADD =
      "local value = redis.call('INCRBY', KEYS[1], ARGV[1]) "
          + "if redis.call('PTTL', KEYS[1]) == -1 then "
          + "redis.call('PEXPIRE', KEYS[1], ARGV[2]) end "
          + "return value";

  private final Vertx vertx = Vertx.vertx();
  private final RedisCacheStore driver;
  private final CacheStore cache;
  private final Redis bare;
  private final byte[] value = new byte[SIZE];

  private CacheContest(Settings settings) throws Exception {
    driver = new RedisCacheStore(vertx, settings.as(RedisCacheConfig.class));
    driver.open();
    cache = CalledPorts.of("cache", CacheStore.class, driver);
    bare =
        Redis.createClient(
            vertx,
            new RedisOptions()
                .addConnectionString("redis://" + settings.value("skep.cache.redis.servers"))
                .setMaxPoolSize(CALLERS)
                .setMaxPoolWaiting(1_000));
    cache.put(KEY, value, LIFE);
    barePut();
  }

  static Contest open(Settings settings) throws Exception {
    return new CacheContest(settings);
  }

  @Override
  public List<Comparison> comparisons() {
    return List.of(
        gets(1),
        gets(CALLERS),
        Comparison.alone(
            "put 1 KB",
            caller -> cache.put(KEY, value, LIFE),
            Peer.equal("SET PX", c -> barePut())),
        Comparison.alone(
            "remove",
            caller -> cache.remove("absent"),
            Peer.equal("DEL", caller -> ask(Request.cmd(Command.DEL).arg("bare:entry:absent")))),
        Comparison.alone(
            "add to a counter that expires",
            caller -> require(cache.add(KEY, 1, LIFE) > 0),
            Peer.equal("EVAL of the same script", caller -> bareAdd()),
            Peer.informing(
                "INCRBY alone",
                caller -> ask(Request.cmd(Command.INCRBY).arg("bare:alone").arg(1)))),
        Comparison.alone(
            "count",
            caller -> require(cache.count(KEY) > 0),
            Peer.equal(
                "GET",
                caller ->
                    require(ask(Request.cmd(Command.GET).arg("bare:count:" + KEY)).toLong() > 0))));
  }

  private Comparison gets(int callers) {
    return Comparison.together(
        callers,
        "get 1 KB",
        caller -> require(cache.get(KEY).length == SIZE),
        Peer.equal("GET", caller -> bareGet()));
  }

  private void bareGet() throws Exception {
    Response found = ask(Request.cmd(Command.GET).arg("bare:entry:" + KEY));
    require(found.toBytes().length == SIZE);
  }

  private void barePut() throws Exception {
    ask(
        Request.cmd(Command.SET)
            .arg("bare:entry:" + KEY)
            .arg(Buffer.buffer(value))
            .arg("PX")
            .arg(LIFE.toMillis()));
  }

  private void bareAdd() throws Exception {
    Response added =
        ask(
            Request.cmd(Command.EVAL)
                .arg(ADD)
                .arg(1)
                .arg("bare:count:" + KEY)
                .arg(1)
                .arg(LIFE.toMillis()));
    require(added.toLong() > 0);
  }

  private Response ask(Request request) throws Exception {
    return Wait.of(bare.send(request));
  }

  private static void require(boolean right) throws IOException {
    if (!right) {
      throw new IOException("Redis answered something else");
    }
  }

  @Override
  public void close() throws Exception {
    driver.close();
    bare.close();
    Wait.of(vertx.close());
  }
}
