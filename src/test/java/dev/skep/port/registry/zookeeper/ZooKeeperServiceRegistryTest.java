package dev.skep.port.registry.zookeeper;

import dev.skep.testkit.server.ServerAccess;
import dev.skep.testkit.server.ZooKeeperServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on a real ZooKeeper. */
@Tag("server")
class ZooKeeperServiceRegistryTest extends ZooKeeperServiceRegistryRun {

  private static ZooKeeperServers access;

  @BeforeAll
  static void startServer() throws Exception {
    access = ZooKeeperServers.plain("registry");
  }

  @AfterAll
  static void stopServer() throws Exception {
    access.close();
  }

  @Override
  protected ServerAccess access() {
    return access;
  }
}
