package dev.skep.port.cache.redis;

import dev.skep.testkit.server.Certificates;
import dev.skep.testkit.server.RedisServers;
import dev.skep.testkit.tier.EssentialOutsideSoak;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The contract on one Redis by TLS and a password. */
@Tag("server")
@EssentialOutsideSoak
class RedisTlsCacheStoreTest extends RedisContract {

  /** What has a meaning in addresses must have none here. */
  private static final String PASSWORD = "p:a/s@s%2Fw+o?r#d";

  @TempDir static Path folder;
  private static Certificates certificates;
  private static RedisServers servers;

  @BeforeAll
  static void startServers() throws Exception {
    certificates = new Certificates(folder);
    servers = RedisServers.secured(certificates, certificates.server(), PASSWORD);
    System.out.println("[server] cache redis " + servers.about() + ", TLS, password");
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
    return TestConfig.of(servers.addresses(), RedisCacheConfig.Mode.STANDALONE, "x")
        .withLogIn(Optional.empty(), Optional.of(PASSWORD))
        .withTls(Optional.of(certificates.authority()));
  }
}
