package dev.skep.port.coordinator.etcd;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.Threads;
import dev.skep.port.Driver;
import dev.skep.port.Versioned;
import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.coordinator.CoordinatorLimits;
import dev.skep.port.etcd.EtcdConnection;
import dev.skep.port.etcd.EtcdSettings;
import dev.skep.port.leased.Memberships;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Leases of etcd as leases with fencing tokens. Each name is a key {@code leases/NAME} under an
 * etcd lease of its own, of whole seconds and at least two, which is etcd's least.
 */
@Singleton
@Identifier("etcd")
public final class EtcdCoordinator implements Coordinator, Driver, Versioned {

  /** Rounding up to etcd's leases takes less than 1 s, ending them in etcd the rest. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  /** How long listeners may take together to let go of their shards when the driver closes. */
  private static final Duration CLOSING = Duration.ofSeconds(3);

  /** How long giving back what is left may take then. */
  private static final Duration GIVING_BACK = Duration.ofSeconds(1);

  private record Opened(EtcdConnection etcd, Holders holders) {}

  private final EtcdCoordinatorConfig config;
  private final LongSupplier nanoTime;
  private final Memberships memberships = new Memberships();
  private volatile @Nullable Opened opened;

  @Inject
  public EtcdCoordinator(EtcdCoordinatorConfig config) {
    this(config, System::nanoTime);
  }

  private EtcdCoordinator(EtcdCoordinatorConfig config, LongSupplier nanoTime) {
    this.config = config;
    this.nanoTime = nanoTime;
  }

  /**
   * One for tests, whose holders can be paused.
   *
   * @param nanoTime the monotonic clock that leases end by
   */
  static EtcdCoordinator onClock(EtcdCoordinatorConfig config, LongSupplier nanoTime) {
    return new EtcdCoordinator(config, nanoTime);
  }

  @Override
  public void open() {
    EtcdConnection etcd = EtcdConnection.open(EtcdSettings.of("coordinator", config));
    opened = new Opened(etcd, new Holders(etcd, nanoTime));
  }

  @Override
  public Duration slack() {
    return SLACK;
  }

  @Override
  public @Nullable Lease tryAcquire(String name, Duration duration) {
    CoordinatorLimits.name(name);
    CoordinatorLimits.duration(duration);
    return opened().holders().tryAcquire("leases/" + name, name, duration);
  }

  @Override
  public Membership share(String name, int shards, Duration duration, ShardListener listener) {
    CoordinatorLimits.name(name);
    CoordinatorLimits.shards(shards);
    CoordinatorLimits.duration(duration);
    Opened now = opened();
    return memberships.join(
        new WorkKeys(now.etcd(), now.holders(), name, duration), name, shards, duration, listener);
  }

  @Override
  public String target() {
    return EtcdSettings.target("coordinator", config);
  }

  @Override
  public String serverVersion() {
    return opened().etcd().version();
  }

  @Override
  public void check() {
    opened().etcd().check();
  }

  @Override
  public void close() {
    Opened last = opened;
    if (last == null) {
      return;
    }
    opened = null;
    memberships.close(CLOSING);
    giveBack(last.holders().close());
    last.etcd().close();
  }

  private static void giveBack(List<EtcdLease> leases) {
    List<Thread> threads =
        leases.stream()
            .map(lease -> Thread.ofVirtual().name("closing").start(lease::revoke))
            .toList();
    Threads.joinAll(threads, GIVING_BACK);
  }

  private Opened opened() {
    Opened now = opened;
    if (now == null) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "coordinator: not open yet, or closed");
    }
    return now;
  }
}
