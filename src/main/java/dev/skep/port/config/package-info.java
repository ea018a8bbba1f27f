/** Settings that change at run time: compare-and-set, history, watch. */
@NullMarked
package dev.skep.port.config;

import org.jspecify.annotations.NullMarked;
