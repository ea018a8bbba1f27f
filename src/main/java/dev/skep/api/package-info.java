/** One protocol each; no decisions, which are the domain's. */
@NullMarked
package dev.skep.api;

import org.jspecify.annotations.NullMarked;
