/** The registry of a single process. */
@NullMarked
package dev.skep.port.registry.embedded;

import org.jspecify.annotations.NullMarked;
