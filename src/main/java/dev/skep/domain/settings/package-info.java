/**
 * Settings that change at run time: which there are, what they may hold, what they are, who changed
 * them.
 */
@NullMarked
package dev.skep.domain.settings;

import org.jspecify.annotations.NullMarked;
