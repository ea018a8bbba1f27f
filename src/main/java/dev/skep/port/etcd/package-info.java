/**
 * How the drivers on etcd talk to it: one connection, calls that end in time, streams that notice
 * their end; three ports share it, and nothing outside their {@code etcd} folders may.
 */
@NullMarked
package dev.skep.port.etcd;

import org.jspecify.annotations.NullMarked;
