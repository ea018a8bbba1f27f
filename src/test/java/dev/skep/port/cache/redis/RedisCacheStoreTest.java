package dev.skep.port.cache.redis;

import dev.skep.testkit.server.GivenServer;
import dev.skep.testkit.server.RedisServers;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on one Redis, which may be one that the tester gave. */
@Tag("server")
class RedisCacheStoreTest extends RedisContract {

  private static RedisServers servers;

  @BeforeAll
  static void startServers() throws Exception {
    servers = RedisServers.givenOrStandalone();
    System.out.println("[server] cache redis " + servers.about());
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
    TestConfig config = TestConfig.of(servers.addresses(), RedisCacheConfig.Mode.STANDALONE, "x");
    GivenServer given = servers.given();
    if (given == null) {
      return config;
    }
    config = config.withLogIn(given.user(), given.password());
    return given.tls() ? config.withTls(Optional.empty()) : config;
  }
}
