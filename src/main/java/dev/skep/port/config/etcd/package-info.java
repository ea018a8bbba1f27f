/** Settings in etcd. */
@NullMarked
package dev.skep.port.config.etcd;

import org.jspecify.annotations.NullMarked;
