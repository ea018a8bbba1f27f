/** Immutable blobs: written once, read in ranges, deleted at last. */
@NullMarked
package dev.skep.port.objects;

import org.jspecify.annotations.NullMarked;
