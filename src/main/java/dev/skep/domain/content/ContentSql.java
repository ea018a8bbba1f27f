package dev.skep.domain.content;

import dev.skep.port.sql.Statement;

/** The statements of contents and their blobs. */
enum ContentSql implements Statement {
  ANNOUNCE("INSERT INTO stored_blob (id, state, shard, due_at) VALUES (?, 0, ?, ?)"),
  RENEW("UPDATE stored_blob SET due_at = ? WHERE id = ? AND state = 0"),
  NAME("UPDATE stored_blob SET state = 1 WHERE id = ? AND state = 0"),
  // Changes nothing, but matches only a live blob and locks its row until the transaction ends.
  KEEP("UPDATE stored_blob SET state = 1 WHERE id = ? AND state = 1"),
  // The subquery of an UPDATE reads what is committed, not the transaction's snapshot.
  CONDEMN_UNNAMED(
      "UPDATE stored_blob SET state = 2, due_at = ? WHERE id = ? AND state = 1"
          + " AND NOT EXISTS (SELECT 1 FROM version v WHERE v.content_id = ?)"),
  INSERT_CONTENT("INSERT INTO content (id, size, sha256, created_at) VALUES (?, ?, ?, ?)"),
  INSERT_PART(
      "INSERT INTO content_part (content_id, number, blob_id, size, sha256) VALUES (?, ?, ?, ?, ?)"),
  PARTS(
      "SELECT number, blob_id, size, sha256 FROM content_part WHERE content_id = ? AND number > ?"
          + " ORDER BY number LIMIT ?"),
  DELETE_PARTS("DELETE FROM content_part WHERE content_id = ?"),
  DELETE_CONTENT("DELETE FROM content WHERE id = ?");

  private final String sql;

  ContentSql(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }
}
