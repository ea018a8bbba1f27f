/** The replicas of this installation: which live, on what they run, who holds which duty. */
@NullMarked
package dev.skep.domain.cluster;

import org.jspecify.annotations.NullMarked;
