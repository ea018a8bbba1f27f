/** Blobs as files in the data folder. */
@NullMarked
package dev.skep.port.objects.embedded;

import org.jspecify.annotations.NullMarked;
