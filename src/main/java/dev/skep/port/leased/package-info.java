/**
 * What drivers on servers with leases do alike, whichever server it is: the holder's side of a
 * lease, a member's part in shared-out work, and keeping a replica listed.
 */
@NullMarked
package dev.skep.port.leased;

import org.jspecify.annotations.NullMarked;
