/** The coordinator in ZooKeeper. */
@NullMarked
package dev.skep.port.coordinator.zookeeper;

import org.jspecify.annotations.NullMarked;
