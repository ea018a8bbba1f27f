/** Which replicas are alive. */
@NullMarked
package dev.skep.port.registry;

import org.jspecify.annotations.NullMarked;
