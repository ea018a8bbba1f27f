/** The product in its own words: who calls, and what each part of it does. */
@NullMarked
package dev.skep.domain;

import org.jspecify.annotations.NullMarked;
