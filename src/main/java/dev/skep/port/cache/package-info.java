/** Shared, expiring, losable copies, and atomic counters. */
@NullMarked
package dev.skep.port.cache;

import org.jspecify.annotations.NullMarked;
