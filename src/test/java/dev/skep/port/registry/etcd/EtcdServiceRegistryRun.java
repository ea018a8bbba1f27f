package dev.skep.port.registry.etcd;

import dev.skep.port.leased.LeasedRegistryRun;

/** The contract on some etcd. */
abstract class EtcdServiceRegistryRun extends LeasedRegistryRun<EtcdServiceRegistry> {

  @Override
  protected final Class<EtcdServiceRegistry> driver() {
    return EtcdServiceRegistry.class;
  }
}
