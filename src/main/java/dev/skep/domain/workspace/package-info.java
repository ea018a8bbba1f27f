/** Workspaces as people see them: which there are, and their administration. */
@NullMarked
package dev.skep.domain.workspace;

import org.jspecify.annotations.NullMarked;
