package dev.skep.port.registry.zookeeper;

import static dev.skep.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.port.leased.LeasedRegistryFaults;
import dev.skep.port.registry.ServiceRegistry.Watch;
import dev.skep.testkit.server.ServerAccess;
import dev.skep.testkit.server.ZooKeeperServers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

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

  /** Its server may lag behind the one that the session before it was at. */
  @Test
  void aWatchInANewSessionAsksForWhatTheLeaderKnowsBeforeItLooks() {
    access.line().holdFrom(sync("/" + prefix + "/registry"));
    AtomicInteger told = new AtomicInteger();
    try (Watch watch = registry.watch(replicas -> told.incrementAndGet())) {
      eventually("it asks", Duration.ofSeconds(10), () -> !access.line().held().isEmpty());
      assertThat(told).hasValue(0);
      access.line().release();
      eventually("it looks", Duration.ofSeconds(10), () -> told.get() > 0);
    }
  }

  /** As the request lies on the wire: its type, 9, and the path after its length. */
  private static String sync(String path) {
    byte[] head = ByteBuffer.allocate(8).putInt(9).putInt(path.length()).array();
    return new String(head, StandardCharsets.ISO_8859_1) + path;
  }
}
