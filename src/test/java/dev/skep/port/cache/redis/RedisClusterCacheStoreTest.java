package dev.skep.port.cache.redis;

import dev.skep.testkit.server.RedisServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on a Redis Cluster of three. */
@Tag("server")
class RedisClusterCacheStoreTest extends RedisContract {

  private static RedisServers servers;

  @BeforeAll
  static void startServers() throws Exception {
    servers = RedisServers.cluster();
    System.out.println("[server] cache redis " + servers.about() + ", cluster of three");
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
    return TestConfig.of(servers.addresses(), RedisCacheConfig.Mode.CLUSTER, "x");
  }
}
