package dev.skep.domain.identity;

import dev.skep.port.sql.Row;
import java.time.Instant;
import java.util.UUID;

/**
 * A user's row without his password; also the state that events carry.
 *
 * @param homeId his personal workspace
 */
record Account(
    UUID id,
    String name,
    String displayName,
    String email,
    AccountType type,
    boolean admin,
    boolean disabled,
    UUID homeId,
    long revision,
    Instant createdAt) {

  static Account of(Row row) {
    return new Account(
        row.id("id"),
        row.text("name"),
        row.text("display_name"),
        row.text("email"),
        AccountType.of(row.text("type")),
        row.flag("admin"),
        row.flag("disabled"),
        row.id("home_id"),
        row.number("revision"),
        row.time("created_at"));
  }
}
