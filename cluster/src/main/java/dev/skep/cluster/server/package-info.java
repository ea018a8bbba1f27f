/** The servers that replicas share, and the replicas, as processes on this machine. */
package dev.skep.cluster.server;
