/** Hints to every replica: at most once, by subject, losable. */
@NullMarked
package dev.skep.port.pubsub;

import org.jspecify.annotations.NullMarked;
