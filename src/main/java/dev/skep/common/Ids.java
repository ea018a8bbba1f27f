package dev.skep.common;

import java.util.UUID;

/** Makes ids: UUIDv7 (RFC 9562 section 5.7), ordered by time within one process. Thread-safe. */
@FunctionalInterface
public interface Ids {

  /** The id of nothing: 16 zero bytes, where a column of a unique key must not be NULL. */
  UUID ZERO = new UUID(0, 0);

  UUID next();
}
