package dev.skep.port.coordinator.zookeeper;

import dev.skep.port.zookeeper.Failures;
import dev.skep.port.zookeeper.ZooKeeperConnection;
import java.util.List;
import java.util.UUID;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * The name of the store that counts: a node {@code identity/UUID} that the first replica made, once
 * for all. Whoever takes a lease demands in the same transaction that this very node is there, so a
 * store that was made anew, which counts from one again, never gives a token under the old name. A
 * store restored from a backup has the old name; docs/drivers/coordinator-zookeeper.md says to
 * remove the node then. Thread-safe.
 */
final class Identity {

  private static final byte[] NOTHING = {};

  private final ZooKeeperConnection connection;
  private final String parent;
  private volatile @Nullable String known;

  Identity(ZooKeeperConnection connection) {
    this.connection = connection;
    this.parent = connection.settings().path("identity");
  }

  /** The UUID; read or made at the first call. */
  String get() {
    String now = known;
    if (now == null) {
      try {
        connection.ensure(connection.settings().root());
        now = connection.call(this::readOrMake);
      } catch (KeeperException e) {
        throw Failures.translate("coordinator", e);
      }
      known = now;
    }
    return now;
  }

  /** The node whose presence a lease's transaction demands. */
  String path(String identity) {
    return parent + "/" + identity;
  }

  /** It is there no more. */
  void forget(String identity) {
    if (identity.equals(known)) {
      known = null;
    }
  }

  private String readOrMake(ZooKeeper client) throws KeeperException, InterruptedException {
    client.sync(parent); // a member that lags behind may not have heard of it
    List<String> found = children(client);
    if (found != null && !found.isEmpty()) {
      return found.getFirst();
    }
    String made = UUID.randomUUID().toString();
    Op makeParent = Op.create(parent, NOTHING, acl(), CreateMode.PERSISTENT);
    Op make = Op.create(path(made), NOTHING, acl(), CreateMode.PERSISTENT);
    try {
      client.multi(
          found == null
              ? List.of(makeParent, make)
              : List.of(Op.delete(parent, -1), makeParent, make));
      return made;
    } catch (KeeperException.NodeExistsException
        | KeeperException.NotEmptyException
        | KeeperException.NoNodeException e) {
      List<String> others = children(client);
      if (others == null || others.isEmpty()) {
        throw e;
      }
      return others.getFirst(); // another replica was faster
    }
  }

  /** Null where nobody has made it. */
  private @Nullable List<String> children(ZooKeeper client)
      throws KeeperException, InterruptedException {
    try {
      return client.getChildren(parent, false);
    } catch (KeeperException.NoNodeException e) {
      return null;
    }
  }

  private List<org.apache.zookeeper.data.ACL> acl() {
    return connection.settings().acl();
  }
}
