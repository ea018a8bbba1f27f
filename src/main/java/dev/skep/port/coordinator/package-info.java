/** Leases with fencing tokens, and work shared out among replicas. */
@NullMarked
package dev.skep.port.coordinator;

import org.jspecify.annotations.NullMarked;
