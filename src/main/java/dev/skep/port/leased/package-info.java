/**
 * What drivers on servers with leases do alike, whichever server it is: the holder's side of a
 * lease, a member's part in shared-out work, keeping a replica listed, and following what the
 * server keeps.
 */
@NullMarked
package dev.skep.port.leased;

import org.jspecify.annotations.NullMarked;
