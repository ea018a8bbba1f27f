package dev.skep.domain.identity;

import dev.skep.port.sql.Row;
import java.time.Instant;
import java.util.UUID;

/** A group's row, without its members. */
record Group(UUID id, String name, String displayName, long revision, Instant createdAt) {

  static Group of(Row row) {
    return new Group(
        row.id("id"),
        row.text("name"),
        row.text("display_name"),
        row.number("revision"),
        row.time("created_at"));
  }
}
