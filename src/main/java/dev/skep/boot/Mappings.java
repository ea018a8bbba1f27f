package dev.skep.boot;

import dev.skep.domain.content.ContentConfig;
import dev.skep.domain.duty.DutiesConfig;
import dev.skep.domain.outbox.OutboxConfig;
import dev.skep.port.cache.embedded.EmbeddedCacheConfig;
import dev.skep.port.cache.redis.RedisCacheConfig;
import dev.skep.port.config.embedded.EmbeddedConfigStoreConfig;
import dev.skep.port.config.etcd.EtcdConfigStoreConfig;
import dev.skep.port.coordinator.etcd.EtcdCoordinatorConfig;
import dev.skep.port.coordinator.zookeeper.ZooKeeperCoordinatorConfig;
import dev.skep.port.objects.embedded.EmbeddedObjectsConfig;
import dev.skep.port.objects.s3.S3ObjectsConfig;
import dev.skep.port.pubsub.embedded.EmbeddedPubSubConfig;
import dev.skep.port.pubsub.nats.NatsPubSubConfig;
import dev.skep.port.registry.etcd.EtcdServiceRegistryConfig;
import dev.skep.port.registry.zookeeper.ZooKeeperServiceRegistryConfig;
import dev.skep.port.sql.embedded.EmbeddedSqlConfig;
import dev.skep.port.sql.mysql.MySqlSqlConfig;
import java.util.List;

/**
 * Every interface that maps configuration, in the order of the reference; a test holds it whole.
 */
final class Mappings {

  static final List<Class<?>> ALL =
      List.of(
          SkepConfig.class,
          EmbeddedSqlConfig.class,
          MySqlSqlConfig.class,
          EmbeddedObjectsConfig.class,
          S3ObjectsConfig.class,
          EmbeddedConfigStoreConfig.class,
          EtcdConfigStoreConfig.class,
          EmbeddedCacheConfig.class,
          RedisCacheConfig.class,
          EmbeddedPubSubConfig.class,
          NatsPubSubConfig.class,
          EtcdCoordinatorConfig.class,
          ZooKeeperCoordinatorConfig.class,
          EtcdServiceRegistryConfig.class,
          ZooKeeperServiceRegistryConfig.class,
          ContentConfig.class,
          DutiesConfig.class,
          OutboxConfig.class);

  private Mappings() {}
}
