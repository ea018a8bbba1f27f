package dev.skep.port.cache.redis;

import static dev.skep.testkit.Eventually.eventually;

import dev.skep.common.SkepException;
import dev.skep.port.cache.CacheStore;
import dev.skep.port.cache.CacheStoreContract;
import dev.skep.testkit.server.RedisServers;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The contract on real servers: two replicas, each test below a prefix of its own. */
abstract class RedisContract extends CacheStoreContract {

  private final String prefix = "test-" + UUID.randomUUID();
  private Vertx vertx;
  private RedisCacheStore store;
  private RedisCacheStore other;

  abstract RedisServers servers();

  abstract TestConfig config();

  @Override
  protected CacheStore start() {
    vertx = Vertx.vertx();
    store = new RedisCacheStore(vertx, config().withPrefix(prefix));
    store.open();
    other = new RedisCacheStore(vertx, config().withPrefix(prefix));
    other.open();
    return store;
  }

  @Override
  protected void stop() throws Exception {
    store.close();
    other.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Override
  protected CacheStore otherReplica() {
    return other;
  }

  @Override
  protected void setDown(boolean down) throws Exception {
    if (down) {
      servers().kill();
    } else {
      servers().restart();
      eventually("the servers are back", Duration.ofSeconds(20), this::isUp);
    }
  }

  private boolean isUp() {
    try {
      store.check();
      store.get("b");
      store.count("new");
      return true;
    } catch (SkepException e) {
      return false;
    }
  }
}
