package dev.skep.port.config.etcd;

import dev.skep.port.etcd.EtcdConfig;
import io.smallrye.config.ConfigMapping;

/** Settings in etcd. The coordinator and the registry on etcd use the same servers by default. */
@ConfigMapping(prefix = "skep.config.etcd")
public interface EtcdConfigStoreConfig extends EtcdConfig {}
