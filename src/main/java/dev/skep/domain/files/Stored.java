package dev.skep.domain.files;

/**
 * What a write led to.
 *
 * @param created whether the node is new
 */
public record Stored(NodeView node, boolean created) {}
