/** The coordinator of a single process. */
@NullMarked
package dev.skep.port.coordinator.embedded;

import org.jspecify.annotations.NullMarked;
