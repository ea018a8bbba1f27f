/** The cache of all replicas in Redis: stand-alone, behind Sentinels, or a Cluster. */
@NullMarked
package dev.skep.port.cache.redis;

import org.jspecify.annotations.NullMarked;
