package dev.skep.port.coordinator.etcd;

import dev.skep.port.etcd.EtcdConfigByDefault;
import io.smallrye.config.ConfigMapping;

/** Leases and shared-out work in etcd; by default where the settings are. */
@ConfigMapping(prefix = "skep.coordinator.etcd")
public interface EtcdCoordinatorConfig extends EtcdConfigByDefault {}
