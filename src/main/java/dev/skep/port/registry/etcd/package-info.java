/** The registry in etcd. */
@NullMarked
package dev.skep.port.registry.etcd;

import org.jspecify.annotations.NullMarked;
