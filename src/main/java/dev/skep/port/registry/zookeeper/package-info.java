/** The registry in ZooKeeper. */
@NullMarked
package dev.skep.port.registry.zookeeper;

import org.jspecify.annotations.NullMarked;
