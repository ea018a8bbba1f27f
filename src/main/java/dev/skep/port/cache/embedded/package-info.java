/** The cache of a single process, on Caffeine. */
@NullMarked
package dev.skep.port.cache.embedded;

import org.jspecify.annotations.NullMarked;
