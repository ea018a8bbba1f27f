package dev.skep.port.registry.zookeeper;

import dev.skep.port.leased.LeasedRegistryFaults;
import dev.skep.testkit.server.ServerAccess;
import dev.skep.testkit.server.ZooKeeperServers;
import java.nio.charset.StandardCharsets;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Faults of a ZooKeeper. */
@Tag("server")
class ZooKeeperServiceRegistryFaultsTest extends LeasedRegistryFaults<ZooKeeperServiceRegistry> {

  private static ZooKeeperServers access;

  @BeforeAll
  static void startServer() throws Exception {
    access = ZooKeeperServers.own("registry");
  }

  @AfterAll
  static void stopServer() throws Exception {
    access.close();
  }

  @Override
  protected ServerAccess access() {
    return access;
  }

  @Override
  protected Class<ZooKeeperServiceRegistry> driver() {
    return ZooKeeperServiceRegistry.class;
  }

  @Override
  protected String threads() {
    return "zookeeper .*|.*-(Send|Event)Thread.*";
  }

  @Override
  protected void putByHand(String id, String text) throws Exception {
    access.asStranger(
        client ->
            client.create(
                "/" + prefix + "/registry/replica-" + id,
                text.getBytes(StandardCharsets.UTF_8),
                ZooDefs.Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT));
  }

  @Override
  protected void deleteByHand(String id) throws Exception {
    access.asStranger(
        client -> {
          client.delete("/" + prefix + "/registry/replica-" + id, -1);
          return true;
        });
  }
}
