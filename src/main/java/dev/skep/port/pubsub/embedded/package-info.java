/** Hints within this process. */
@NullMarked
package dev.skep.port.pubsub.embedded;

import org.jspecify.annotations.NullMarked;
