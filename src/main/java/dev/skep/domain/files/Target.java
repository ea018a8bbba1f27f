package dev.skep.domain.files;

import java.util.UUID;

/** What a request is about: a place, or a node wherever it is. */
public sealed interface Target permits FilePath, Target.NodeId {

  /** A node by its id; it never means something that is not there yet. */
  record NodeId(UUID id) implements Target {}

  static Target node(UUID id) {
    return new NodeId(id);
  }
}
