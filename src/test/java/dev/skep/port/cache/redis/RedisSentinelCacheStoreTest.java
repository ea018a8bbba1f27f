package dev.skep.port.cache.redis;

import dev.skep.testkit.server.RedisServers;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on a Redis that a Sentinel watches. */
@Tag("server")
class RedisSentinelCacheStoreTest extends RedisContract {

  private static RedisServers servers;

  @BeforeAll
  static void startServers() throws Exception {
    servers = RedisServers.sentinel(Duration.ofMinutes(1));
    System.out.println("[server] cache redis " + servers.about() + ", Sentinel");
  }

  @AfterAll
  static void stopServers() {
    if (servers != null) {
      servers.close();
    }
  }

  @Override
  RedisServers servers() {
    return servers;
  }

  @Override
  TestConfig config() {
    return TestConfig.of(servers.addresses(), RedisCacheConfig.Mode.SENTINEL, "x");
  }
}
