/** The coordinator in etcd. */
@NullMarked
package dev.skep.port.coordinator.etcd;

import org.jspecify.annotations.NullMarked;
