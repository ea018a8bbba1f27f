package dev.skep.port.registry.embedded;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.Driver;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The registry of a single process, in its memory: it ends with all that it lists. */
@Singleton
@Identifier("embedded")
public final class EmbeddedServiceRegistry implements ServiceRegistry, Driver {

  private final LatestReplicas replicas = new LatestReplicas();
  private final Set<ReplicasWatch> watches = ConcurrentHashMap.newKeySet();
  private volatile boolean open;

  @Inject
  public EmbeddedServiceRegistry() {}

  @Override
  public void open() {
    open = true;
  }

  @Override
  public Duration expiry() {
    return Duration.ZERO;
  }

  @Override
  public Registration register(Replica replica) {
    requireOpen();
    Object owner = new Object();
    replicas.put(owner, replica);
    return new Registration() {
      @Override
      public void update(Replica latest) {
        if (!latest.id().equals(replica.id())) {
          throw new IllegalArgumentException(
              "The replica is " + replica.id() + ", not " + latest.id());
        }
        replicas.replace(owner, latest);
      }

      @Override
      public void close() {
        replicas.remove(owner);
      }
    };
  }

  @Override
  public List<Replica> list() {
    requireOpen();
    return replicas.get();
  }

  @Override
  public Watch watch(Consumer<List<Replica>> watcher) {
    requireOpen();
    ReplicasWatch watch = new ReplicasWatch(watcher, replicas, watches::remove);
    watches.add(watch);
    watch.start();
    return watch;
  }

  @Override
  public String target() {
    return "this process";
  }

  @Override
  public void check() {
    requireOpen();
  }

  @Override
  public void close() {
    open = false;
    watches.forEach(ReplicasWatch::stop);
  }

  private void requireOpen() {
    if (!open) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "registry: not open yet, or closed");
    }
  }
}
