package dev.skep.domain.cluster;

import dev.skep.port.sql.Row;
import java.time.Instant;
import java.util.UUID;

/**
 * The row by which a replica tells all others on the same tables that it runs, and on what.
 *
 * @param drivers {@code port=driver} for each port, separated by spaces; at most 1,020 bytes
 * @param at by its own clock, so that only its changes mean something to others
 */
public record Heartbeat(UUID replica, String version, String drivers, Instant at) {

  static Heartbeat of(Row row) {
    return new Heartbeat(
        row.id("replica_id"), row.text("version"), row.text("drivers"), row.time("at"));
  }

  Heartbeat at(Instant later) {
    return new Heartbeat(replica, version, drivers, later);
  }
}
