package dev.skep.port.coordinator.zookeeper;

import dev.skep.testkit.server.ServerAccess;
import dev.skep.testkit.server.ZooKeeperServers;
import dev.skep.testkit.tier.EssentialOutsideSoak;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same with TLS both ways and a password. */
@Tag("server")
@EssentialOutsideSoak
class ZooKeeperCoordinatorSecuredTest extends ZooKeeperCoordinatorRun {

  private static ZooKeeperServers access;

  @BeforeAll
  static void startServer() throws Exception {
    access = ZooKeeperServers.secured("coordinator");
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
