package dev.skep.port.coordinator.zookeeper;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.Driver;
import dev.skep.port.Versioned;
import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.coordinator.CoordinatorLimits;
import dev.skep.port.leased.Memberships;
import dev.skep.port.zookeeper.ZooKeeperConnection;
import dev.skep.port.zookeeper.ZooKeeperSettings;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ephemeral nodes as leases with fencing tokens: each name is a node {@code lease-NAME}. Leases of
 * one duration share a session, which the servers end that long after its last sign of life.
 */
@Singleton
@Identifier("zookeeper")
public final class ZooKeeperCoordinator implements Coordinator, Driver, Versioned {

  /** How long the connection's own session lasts, under which nothing is held. */
  private static final Duration LASTING = Duration.ofSeconds(10);

  /** How long listeners may take together to let go of their shards when the driver closes. */
  private static final Duration CLOSING = Duration.ofSeconds(3);

  /** How long giving back what is left may take then. */
  private static final Duration GIVING_BACK = Duration.ofSeconds(1);

  private record Opened(ZooKeeperConnection connection, Holders holders) {}

  private final ZooKeeperCoordinatorConfig config;
  private final LongSupplier nanoTime;
  private final Memberships memberships = new Memberships();
  private volatile @Nullable Opened opened;

  @Inject
  public ZooKeeperCoordinator(ZooKeeperCoordinatorConfig config) {
    this(config, System::nanoTime);
  }

  private ZooKeeperCoordinator(ZooKeeperCoordinatorConfig config, LongSupplier nanoTime) {
    this.config = config;
    this.nanoTime = nanoTime;
  }

  /**
   * One for tests, whose holders can be paused.
   *
   * @param nanoTime the monotonic clock that leases end by
   */
  static ZooKeeperCoordinator onClock(ZooKeeperCoordinatorConfig config, LongSupplier nanoTime) {
    return new ZooKeeperCoordinator(config, nanoTime);
  }

  @Override
  public void open() {
    ZooKeeperConnection connection =
        ZooKeeperConnection.open(ZooKeeperSettings.of("coordinator", config), LASTING);
    opened = new Opened(connection, new Holders(connection, nanoTime));
  }

  /** The servers look for sessions that are over once in a tick. */
  @Override
  public Duration slack() {
    return config.tickTime();
  }

  @Override
  public @Nullable Lease tryAcquire(String name, Duration duration) {
    CoordinatorLimits.name(name);
    CoordinatorLimits.duration(duration);
    Opened now = opened();
    return now.holders()
        .tryAcquire(now.connection().settings().path("lease-" + name), name, duration);
  }

  @Override
  public Membership share(String name, int shards, Duration duration, ShardListener listener) {
    CoordinatorLimits.name(name);
    CoordinatorLimits.shards(shards);
    CoordinatorLimits.duration(duration);
    Opened now = opened();
    return memberships.join(
        new WorkNodes(now.connection(), now.holders(), name, duration),
        name,
        shards,
        duration,
        listener);
  }

  @Override
  public String target() {
    return ZooKeeperSettings.target("coordinator", config);
  }

  @Override
  public String serverVersion() {
    return opened().connection().version();
  }

  @Override
  public void check() {
    opened().connection().check();
  }

  @Override
  public void close() {
    Opened last = opened;
    if (last == null) {
      return;
    }
    opened = null;
    memberships.close(CLOSING);
    last.holders().close(GIVING_BACK);
    last.connection().close();
  }

  private Opened opened() {
    Opened now = opened;
    if (now == null) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "coordinator: not open yet, or closed");
    }
    return now;
  }
}
