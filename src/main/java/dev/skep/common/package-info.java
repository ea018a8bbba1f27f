/** Ids, names, paging, time and errors that every layer shares; the JDK only. */
@NullMarked
package dev.skep.common;

import org.jspecify.annotations.NullMarked;
