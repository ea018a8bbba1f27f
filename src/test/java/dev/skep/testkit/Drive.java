package dev.skep.testkit;

import com.fasterxml.uuid.Generators;
import dev.skep.common.Ids;
import dev.skep.common.admission.MemoryBudget;
import dev.skep.domain.identity.ScopeResolver;
import dev.skep.domain.permission.EntriesOfRemovedNodes;
import dev.skep.domain.permission.TokenScopes;
import dev.skep.domain.tree.NodeRemoval;
import dev.skep.port.Driver;
import dev.skep.port.cache.CacheStore;
import dev.skep.port.cache.embedded.EmbeddedCacheStore;
import dev.skep.port.config.ConfigStore;
import dev.skep.port.config.embedded.EmbeddedConfigStore;
import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.coordinator.embedded.EmbeddedCoordinator;
import dev.skep.port.objects.ObjectStore;
import dev.skep.port.objects.embedded.EmbeddedObjectStore;
import dev.skep.port.pubsub.PubSub;
import dev.skep.port.pubsub.embedded.EmbeddedPubSub;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.embedded.EmbeddedSqlStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * The whole domain on embedded drivers in a folder, for tests. Every write runs twice unless a test
 * says otherwise, so that work which touches more than its transaction is found.
 */
public final class Drive implements AutoCloseable {

  private final Wiring wiring = new Wiring();
  private final List<Driver> drivers;

  private Drive(
      Path folder,
      InstantSource clock,
      UnaryOperator<SqlStore> sql,
      UnaryOperator<ObjectStore> objects) {
    wiring.configure("skep.data", folder.toString());
    EmbeddedSqlStore tables = wiring.get(EmbeddedSqlStore.class);
    EmbeddedObjectStore blobs = wiring.get(EmbeddedObjectStore.class);
    EmbeddedConfigStore settings = wiring.get(EmbeddedConfigStore.class);
    EmbeddedCacheStore cache = wiring.get(EmbeddedCacheStore.class);
    EmbeddedCoordinator coordinator = wiring.get(EmbeddedCoordinator.class);
    EmbeddedPubSub hints = wiring.get(EmbeddedPubSub.class);
    drivers = List.of(tables, blobs, settings, cache, coordinator, hints);
    drivers.forEach(Driver::open);
    wiring
        .give(SqlStore.class, sql.apply(tables))
        .give(ObjectStore.class, objects.apply(blobs))
        .give(ConfigStore.class, settings)
        .give(CacheStore.class, cache)
        .give(Coordinator.class, coordinator)
        .give(PubSub.class, hints)
        .give(InstantSource.class, clock)
        .give(Ids.class, ids())
        .give(MemoryBudget.class, new MemoryBudget(256L << 20))
        .implement(NodeRemoval.class, EntriesOfRemovedNodes.class)
        .implement(ScopeResolver.class, TokenScopes.class);
  }

  public static Drive open(Path folder) {
    return open(folder, InstantSource.system());
  }

  public static Drive open(Path folder, InstantSource clock) {
    return open(
        folder, clock, tables -> new RepeatingSqlStore(tables, new PortGuard()), blobs -> blobs);
  }

  /** Whose writes run once, for tests that fill it fast by work that keeps state of its own. */
  public static Drive openPlain(Path folder) {
    return open(folder, InstantSource.system(), tables -> tables, blobs -> blobs);
  }

  /** With other stores around the embedded ones, such as those that fail. */
  public static Drive open(
      Path folder,
      InstantSource clock,
      UnaryOperator<SqlStore> sql,
      UnaryOperator<ObjectStore> objects) {
    return new Drive(folder, clock, sql, objects);
  }

  /** The one instance of a class of the domain. */
  public <T> T get(Class<T> type) {
    return wiring.get(type);
  }

  @Override
  public void close() {
    drivers.reversed().forEach(Driver::close);
  }

  private static Ids ids() {
    var generator = Generators.timeBasedEpochGenerator();
    var lock = new ReentrantLock();
    return () -> {
      lock.lock();
      try {
        return generator.generate();
      } finally {
        lock.unlock();
      }
    };
  }
}
