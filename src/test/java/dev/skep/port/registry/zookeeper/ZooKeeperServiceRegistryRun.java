package dev.skep.port.registry.zookeeper;

import dev.skep.port.leased.LeasedRegistryRun;

/** The contract on some ZooKeeper. */
abstract class ZooKeeperServiceRegistryRun extends LeasedRegistryRun<ZooKeeperServiceRegistry> {

  @Override
  protected final Class<ZooKeeperServiceRegistry> driver() {
    return ZooKeeperServiceRegistry.class;
  }
}
