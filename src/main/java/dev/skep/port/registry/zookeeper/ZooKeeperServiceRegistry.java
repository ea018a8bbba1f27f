package dev.skep.port.registry.zookeeper;

import dev.skep.common.Changes;
import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.Driver;
import dev.skep.port.Versioned;
import dev.skep.port.leased.Listings;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry;
import dev.skep.port.zookeeper.ZooKeeperConnection;
import dev.skep.port.zookeeper.ZooKeeperSettings;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Replicas that are alive, each as an ephemeral node {@code replica-ID} of the session that the
 * replica keeps with ZooKeeper.
 */
@Singleton
@Identifier("zookeeper")
public final class ZooKeeperServiceRegistry implements ServiceRegistry, Driver, Versioned {

  private static final Duration SHORTEST = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** How long removing the entries may take when the driver closes. */
  private static final Duration CLOSING = Duration.ofSeconds(2);

  private final ZooKeeperServiceRegistryConfig config;
  private final Listings listings = new Listings();
  private volatile @Nullable ZooKeeperConnection connection;
  private volatile Duration granted = Duration.ZERO;

  @Inject
  public ZooKeeperServiceRegistry(ZooKeeperServiceRegistryConfig config) {
    this.config = config;
  }

  @Override
  public void open() {
    ZooKeeperSettings settings = ZooKeeperSettings.of("registry", config);
    if (config.lease().compareTo(SHORTEST) < 0 || config.lease().compareTo(LONGEST) > 0) {
      throw settings.refuse("lease", "must be 2s to 5m, not " + config.lease());
    }
    ZooKeeperConnection opened = ZooKeeperConnection.open(settings, config.lease());
    granted = opened.session().granted();
    connection = opened;
  }

  /** Sessions end with a tick, and a member tells the leader of its clients every half of one. */
  @Override
  public Duration expiry() {
    Duration lasting = granted.compareTo(config.lease()) > 0 ? granted : config.lease();
    return lasting.plus(config.tickTime().multipliedBy(3).dividedBy(2));
  }

  @Override
  public Registration register(Replica replica) {
    return listings.keep(new ZooKeeperRegistration(zooKeeper(), config.lease(), replica));
  }

  @Override
  public List<Replica> list() {
    return Entries.list(zooKeeper());
  }

  @Override
  public Watch watch(Consumer<List<Replica>> watcher) {
    return listings.watch(Entries.follow(zooKeeper(), new Changes<>(watcher)));
  }

  @Override
  public String target() {
    return ZooKeeperSettings.target("registry", config);
  }

  @Override
  public String serverVersion() {
    return zooKeeper().version();
  }

  @Override
  public void check() {
    zooKeeper().check();
  }

  @Override
  public void close() {
    ZooKeeperConnection open = connection;
    if (open == null) {
      return;
    }
    connection = null;
    listings.close(CLOSING);
    open.close();
  }

  private ZooKeeperConnection zooKeeper() {
    ZooKeeperConnection open = connection;
    if (open == null) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "registry: not open yet, or closed");
    }
    return open;
  }
}
