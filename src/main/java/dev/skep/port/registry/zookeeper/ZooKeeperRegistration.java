package dev.skep.port.registry.zookeeper;

import dev.skep.common.SkepException;
import dev.skep.port.leased.KeptRegistration;
import dev.skep.port.leased.ReplicaJson;
import dev.skep.port.registry.Replica;
import dev.skep.port.zookeeper.Failures;
import dev.skep.port.zookeeper.ZooKeeperConnection;
import dev.skep.port.zookeeper.ZooKeeperSession;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** An ephemeral node under the session in force. */
final class ZooKeeperRegistration extends KeptRegistration {

  private static final Logger LOG = Logger.getLogger(ZooKeeperRegistration.class);

  private final ZooKeeperConnection connection;
  private final String path;

  /** The change that wrote what is wanted; used in turns only. */
  private long written;

  /** Under which the entry may be; used in turns only. */
  private @Nullable ZooKeeperSession under;

  ZooKeeperRegistration(ZooKeeperConnection connection, Duration lease, Replica replica) {
    super(replica, lease.dividedBy(3), connection.settings().timeOut().multipliedBy(2));
    this.connection = connection;
    this.path = Entries.path(connection, replica.id());
  }

  @Override
  protected void keep() {
    ZooKeeperSession session = connection.session();
    under = session;
    boolean anew = takeDirty();
    byte[] entry = ReplicaJson.write(latest());
    try {
      written = session.retried(client -> put(client, session.id(), entry, anew));
    } catch (KeeperException e) {
      markDirty();
      if (e instanceof KeeperException.NoNodeException) {
        connection.ensure(connection.settings().root());
      }
      throw Failures.translate("registry", e);
    } catch (SkepException e) {
      markDirty(); // whatever the outcome was
      throw e;
    }
  }

  /** Returns the number of the change that wrote what is there now. */
  private long put(ZooKeeper client, long session, byte[] entry, boolean anew)
      throws KeeperException, InterruptedException {
    Stat there = client.exists(path, false);
    if (there == null) {
      Stat made = new Stat();
      client.create(path, entry, connection.settings().acl(), CreateMode.EPHEMERAL, made);
      return made.getMzxid();
    }
    if (there.getEphemeralOwner() != session) {
      // Of this replica's last session, or of another one with its id.
      client.multi(
          List.of(
              Op.delete(path, there.getVersion()),
              Op.create(path, entry, connection.settings().acl(), CreateMode.EPHEMERAL)));
      return 0; // not known, so it is written once more
    }
    if (there.getMzxid() == written && !anew) {
      return written;
    }
    return client.setData(path, entry, -1).getMzxid();
  }

  @Override
  protected void remove() {
    ZooKeeperSession session = under;
    if (session == null || session.isOver()) {
      return; // it ends with its session
    }
    try {
      session.retried(
          client -> {
            Stat there = client.exists(path, false);
            if (there != null && there.getEphemeralOwner() == session.id()) {
              client.delete(path, -1);
            }
            return true;
          });
    } catch (KeeperException.NoNodeException e) {
      // Somebody was faster, or the answer to the first try was lost.
    } catch (KeeperException | SkepException e) {
      LOG.debugf("registry: the entry ends with its session: %s", e.getMessage());
    }
  }
}
