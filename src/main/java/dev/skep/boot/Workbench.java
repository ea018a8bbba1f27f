package dev.skep.boot;

import dev.skep.port.Driver;
import dev.skep.port.cache.embedded.EmbeddedCacheConfig;
import dev.skep.port.cache.embedded.EmbeddedCacheStore;
import dev.skep.port.cache.redis.RedisCacheConfig;
import dev.skep.port.cache.redis.RedisCacheStore;
import dev.skep.port.config.embedded.EmbeddedConfigStore;
import dev.skep.port.config.embedded.EmbeddedConfigStoreConfig;
import dev.skep.port.config.etcd.EtcdConfigStore;
import dev.skep.port.config.etcd.EtcdConfigStoreConfig;
import dev.skep.port.coordinator.embedded.EmbeddedCoordinator;
import dev.skep.port.coordinator.etcd.EtcdCoordinator;
import dev.skep.port.coordinator.etcd.EtcdCoordinatorConfig;
import dev.skep.port.coordinator.zookeeper.ZooKeeperCoordinator;
import dev.skep.port.coordinator.zookeeper.ZooKeeperCoordinatorConfig;
import dev.skep.port.objects.embedded.EmbeddedObjectStore;
import dev.skep.port.objects.embedded.EmbeddedObjectsConfig;
import dev.skep.port.objects.s3.S3ObjectStore;
import dev.skep.port.objects.s3.S3ObjectsConfig;
import dev.skep.port.pubsub.embedded.EmbeddedPubSub;
import dev.skep.port.pubsub.embedded.EmbeddedPubSubConfig;
import dev.skep.port.pubsub.nats.NatsPubSub;
import dev.skep.port.pubsub.nats.NatsPubSubConfig;
import dev.skep.port.registry.embedded.EmbeddedServiceRegistry;
import dev.skep.port.registry.etcd.EtcdServiceRegistry;
import dev.skep.port.registry.etcd.EtcdServiceRegistryConfig;
import dev.skep.port.registry.zookeeper.ZooKeeperServiceRegistry;
import dev.skep.port.registry.zookeeper.ZooKeeperServiceRegistryConfig;
import dev.skep.port.sql.embedded.EmbeddedSqlConfig;
import dev.skep.port.sql.embedded.EmbeddedSqlStore;
import dev.skep.port.sql.mysql.MySqlSqlConfig;
import dev.skep.port.sql.mysql.MySqlSqlStore;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes drivers without the container of beans, for commands that look at stores while nothing else
 * runs. A test holds it whole. Thread-safe.
 */
final class Workbench implements AutoCloseable {

  private final Supplier<SmallRyeConfigBuilder> configuration;
  private @Nullable Vertx vertx;

  /**
   * @param configuration a new builder at each call, with the sources that count
   */
  Workbench(Supplier<SmallRyeConfigBuilder> configuration) {
    this.configuration = configuration;
  }

  Driver driver(Port port, String name) {
    return switch (port.word() + "." + name) {
      case "sql.embedded" -> new EmbeddedSqlStore(config(EmbeddedSqlConfig.class));
      case "sql.mysql" -> new MySqlSqlStore(vertx(), config(MySqlSqlConfig.class));
      case "objects.embedded" -> new EmbeddedObjectStore(config(EmbeddedObjectsConfig.class));
      case "objects.s3" -> new S3ObjectStore(config(S3ObjectsConfig.class));
      case "config.embedded" -> new EmbeddedConfigStore(config(EmbeddedConfigStoreConfig.class));
      case "config.etcd" -> new EtcdConfigStore(config(EtcdConfigStoreConfig.class));
      case "cache.embedded" -> new EmbeddedCacheStore(config(EmbeddedCacheConfig.class));
      case "cache.redis" -> new RedisCacheStore(vertx(), config(RedisCacheConfig.class));
      case "pubsub.embedded" -> new EmbeddedPubSub(config(EmbeddedPubSubConfig.class));
      case "pubsub.nats" -> new NatsPubSub(config(NatsPubSubConfig.class));
      case "coordinator.embedded" -> new EmbeddedCoordinator();
      case "coordinator.etcd" -> new EtcdCoordinator(config(EtcdCoordinatorConfig.class));
      case "coordinator.zookeeper" ->
          new ZooKeeperCoordinator(config(ZooKeeperCoordinatorConfig.class));
      case "registry.embedded" -> new EmbeddedServiceRegistry();
      case "registry.etcd" -> new EtcdServiceRegistry(config(EtcdServiceRegistryConfig.class));
      case "registry.zookeeper" ->
          new ZooKeeperServiceRegistry(config(ZooKeeperServiceRegistryConfig.class));
      default ->
          throw new IllegalArgumentException("No way is known to make " + port + " of " + name);
    };
  }

  /** One mapping at a time: those of drivers that are not chosen would miss their settings. */
  private <T> T config(Class<T> mapping) {
    return configuration
        .get()
        .withMapping(ConfigClass.configClass(mapping))
        .build()
        .getConfigMapping(mapping);
  }

  private synchronized Vertx vertx() {
    Vertx made = vertx == null ? Vertx.vertx() : vertx;
    vertx = made;
    return made;
  }

  @Override
  public synchronized void close() {
    if (vertx != null) {
      var closed = vertx.close().toCompletionStage().toCompletableFuture();
      var unused = closed.completeOnTimeout(null, 2, TimeUnit.SECONDS).join();
      vertx = null;
    }
  }
}
