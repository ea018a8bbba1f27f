/**
 * Building block: the rows of workspaces and nodes, and the one serialisation point of each
 * workspace.
 */
@NullMarked
package dev.skep.domain.tree;

import org.jspecify.annotations.NullMarked;
