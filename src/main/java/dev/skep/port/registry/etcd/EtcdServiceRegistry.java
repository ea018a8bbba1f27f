package dev.skep.port.registry.etcd;

import dev.skep.common.Changes;
import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.Driver;
import dev.skep.port.Versioned;
import dev.skep.port.etcd.EtcdConnection;
import dev.skep.port.etcd.EtcdFollower;
import dev.skep.port.etcd.EtcdSettings;
import dev.skep.port.leased.Listings;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Replicas that are alive, each as a key {@code replicas/ID} of etcd under a lease. */
@Singleton
@Identifier("etcd")
public final class EtcdServiceRegistry implements ServiceRegistry, Driver, Versioned {

  static final String REPLICAS = "replicas/";

  private static final Duration SHORTEST = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** Rounding up to whole seconds, and ending the lease in etcd. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  /** How long removing the entries may take when the driver closes. */
  private static final Duration CLOSING = Duration.ofSeconds(2);

  private final EtcdServiceRegistryConfig config;
  private final Listings listings = new Listings();
  private final ListedReplicas listed = new ListedReplicas();
  private volatile @Nullable EtcdConnection connection;

  @Inject
  public EtcdServiceRegistry(EtcdServiceRegistryConfig config) {
    this.config = config;
  }

  @Override
  public void open() {
    EtcdSettings settings = EtcdSettings.of("registry", config);
    if (config.lease().compareTo(SHORTEST) < 0 || config.lease().compareTo(LONGEST) > 0) {
      throw settings.refuse("lease", "must be 2s to 5m, not " + config.lease());
    }
    connection = EtcdConnection.open(settings);
  }

  @Override
  public Duration expiry() {
    return config.lease().plus(SLACK);
  }

  @Override
  public Registration register(Replica replica) {
    return listings.keep(new EtcdRegistration(etcd(), config.lease(), replica));
  }

  @Override
  public List<Replica> list() {
    return listed.read(etcd().list(REPLICAS).entries());
  }

  @Override
  public Watch watch(Consumer<List<Replica>> watcher) {
    return listings.watch(etcd().follow(REPLICAS, new Telling(watcher)));
  }

  @Override
  public String target() {
    return EtcdSettings.target("registry", config);
  }

  @Override
  public String serverVersion() {
    return etcd().version();
  }

  @Override
  public void check() {
    etcd().check();
  }

  @Override
  public void close() {
    EtcdConnection open = connection;
    if (open == null) {
      return;
    }
    connection = null;
    listings.close(CLOSING);
    open.close();
  }

  /** Hands the replicas on when they differ from the last ones. */
  private static final class Telling implements Consumer<EtcdFollower.State> {

    private final ListedReplicas listed = new ListedReplicas();
    private final Changes<List<Replica>> changes;

    Telling(Consumer<List<Replica>> watcher) {
      this.changes = new Changes<>(watcher);
    }

    @Override
    public void accept(EtcdFollower.State state) {
      changes.accept(listed.read(state.entries().values()));
    }
  }

  private EtcdConnection etcd() {
    EtcdConnection open = connection;
    if (open == null) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "registry: not open yet, or closed");
    }
    return open;
  }
}
