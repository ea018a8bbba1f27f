/** Who is calling: reads the credentials of a request and refuses what has none. */
@NullMarked
package dev.skep.api.security;

import org.jspecify.annotations.NullMarked;
