package dev.skep.port.registry.zookeeper;

import dev.skep.port.leased.ReplicaJson;
import dev.skep.port.registry.Replica;
import dev.skep.port.zookeeper.Failures;
import dev.skep.port.zookeeper.ZooKeeperConnection;
import dev.skep.port.zookeeper.ZooKeeperFollower;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;

/**
 * Reads the entries. Apart from the driver, which is a bean: no class of ZooKeeper's client is to
 * be loaded where another driver was chosen.
 */
final class Entries {

  /** Keeps ids such as a single dot, which are no names of nodes, apart from what they would be. */
  private static final String REPLICA = "replica-";

  private Entries() {}

  /** Where the entry of a replica lies. */
  static String path(ZooKeeperConnection connection, String id) {
    return connection.settings().path(REPLICA + id);
  }

  static List<Replica> list(ZooKeeperConnection connection) {
    String root = connection.settings().root();
    try {
      return connection.call(
          client -> {
            client.sync(root); // a member may lag behind its leader
            return read(client, root);
          });
    } catch (KeeperException e) {
      throw Failures.translate("registry", e);
    }
  }

  static ZooKeeperFollower<List<Replica>> follow(
      ZooKeeperConnection connection, Consumer<List<Replica>> watcher) {
    String root = connection.settings().root();
    return connection.follow(root, client -> read(client, root), watcher);
  }

  /** By id, since all names begin alike. */
  private static List<Replica> read(ZooKeeper client, String root)
      throws KeeperException, InterruptedException {
    List<String> names;
    try {
      names = client.getChildren(root, false);
    } catch (KeeperException.NoNodeException e) {
      return List.of(); // a store made anew, or removed by hand
    }
    List<Replica> replicas = new ArrayList<>();
    for (String name : names.stream().filter(n -> n.startsWith(REPLICA)).sorted().toList()) {
      try {
        ReplicaJson.read(client.getData(root + "/" + name, false, null)).ifPresent(replicas::add);
      } catch (KeeperException.NoNodeException e) {
        // It has gone meanwhile.
      }
    }
    return List.copyOf(replicas);
  }
}
