package dev.skep.boot;

import dev.skep.common.Ids;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;

/** Who this replica is, from its start to its end. */
@Singleton
final class Self {

  private final UUID id;
  private final Instant startedAt;
  private final String version;

  Self(Ids ids, InstantSource clock) {
    this.id = ids.next();
    this.startedAt = clock.instant();
    try {
      this.version = Version.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another one at each start. */
  UUID id() {
    return id;
  }

  Instant startedAt() {
    return startedAt;
  }

  String version() {
    return version;
  }
}
