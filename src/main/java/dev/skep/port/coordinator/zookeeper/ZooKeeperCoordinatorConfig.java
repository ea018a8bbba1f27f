package dev.skep.port.coordinator.zookeeper;

import dev.skep.port.zookeeper.ZooKeeperConfig;
import io.smallrye.config.ConfigMapping;

/** Leases and shared-out work in ZooKeeper; docs/drivers/coordinator-zookeeper.md has the rest. */
@ConfigMapping(prefix = "skep.coordinator.zookeeper")
public interface ZooKeeperCoordinatorConfig extends ZooKeeperConfig {}
