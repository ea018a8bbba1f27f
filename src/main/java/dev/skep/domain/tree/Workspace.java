package dev.skep.domain.tree;

import dev.skep.common.Ids;
import dev.skep.domain.Caller;
import dev.skep.port.sql.Row;
import java.time.Instant;
import java.util.UUID;

/**
 * A workspace's row: the serialisation point of its tree (P3).
 *
 * @param ownerId whose personal workspace it is; zero for a shared one
 * @param rightsEpoch rises when rights on its nodes may have changed
 * @param quota bytes; −1 for none
 * @param used logical bytes of all versions, and those of tags and metadata; also in the trash
 */
public record Workspace(
    UUID id,
    String slug,
    String name,
    UUID ownerId,
    UUID rootId,
    UUID trashId,
    long seq,
    long rightsEpoch,
    long quota,
    long used,
    long revision,
    Instant createdAt) {

  public static final long NO_QUOTA = -1;

  public boolean personal() {
    return !ownerId.equals(Ids.ZERO);
  }

  public boolean isHomeOf(Caller caller) {
    return personal() && caller.isUser(ownerId);
  }

  /** What it is called for someone: {@code home} where it is his own. */
  public String slugFor(Caller caller) {
    return isHomeOf(caller) ? "home" : slug;
  }

  static Workspace of(Row row) {
    return new Workspace(
        row.id("id"),
        row.text("slug"),
        row.text("name"),
        row.id("owner_id"),
        row.id("root_id"),
        row.id("trash_id"),
        row.number("seq"),
        row.number("rights_epoch"),
        row.number("quota"),
        row.number("used"),
        row.number("revision"),
        row.time("created_at"));
  }
}
