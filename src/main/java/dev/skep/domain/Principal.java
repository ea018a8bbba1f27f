package dev.skep.domain;

import java.util.UUID;

/** Who someone is that asks for something. */
public sealed interface Principal {

  /** What logs and events call it. */
  String name();

  /**
   * A person or a service account.
   *
   * @param admin whether it administers this installation
   */
  record User(UUID id, String name, boolean admin) implements Principal {}

  /** Whoever came by a public link. */
  record Link(UUID id, String name) implements Principal {}

  /** Skep itself, for one of its duties. */
  record System(String name) implements Principal {}
}
