/** Hints through NATS. */
@NullMarked
package dev.skep.port.pubsub.nats;

import org.jspecify.annotations.NullMarked;
