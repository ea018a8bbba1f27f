/**
 * Building block: background work that one replica does at a time, under a lease and a fencing
 * token (P11, P12).
 */
@NullMarked
package dev.skep.domain.duty;

import org.jspecify.annotations.NullMarked;
