/** Bounds what running requests hold together, and lets their owners take turns at it. */
@NullMarked
package dev.skep.common.admission;

import org.jspecify.annotations.NullMarked;
