/**
 * The small seam between durable embedded drivers and the file system, so that tests can take the
 * power away.
 */
@NullMarked
package dev.skep.common.disk;

import org.jspecify.annotations.NullMarked;
