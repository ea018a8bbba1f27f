/**
 * How the drivers on ZooKeeper talk to it: sessions, calls that end in time, followers that see
 * what they missed; two ports share it, and nothing outside their {@code zookeeper} folders may.
 */
@NullMarked
package dev.skep.port.zookeeper;

import org.jspecify.annotations.NullMarked;
