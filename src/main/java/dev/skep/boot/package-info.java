/** Chooses, opens, watches and closes the drivers, and starts and stops the process. */
@NullMarked
package dev.skep.boot;

import org.jspecify.annotations.NullMarked;
