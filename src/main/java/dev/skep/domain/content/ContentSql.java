package dev.skep.domain.content;

import dev.skep.port.sql.Statement;

/** The statements of contents and their blobs. */
enum ContentSql implements Statement {
  ANNOUNCE("INSERT INTO stored_blob (id, state, shard, due_at) VALUES (?, 0, ?, ?)"),
  RENEW("UPDATE stored_blob SET due_at = ? WHERE id = ? AND state = 0"),
  NAME("UPDATE stored_blob SET state = 1 WHERE id = ? AND state = 0"),
  // Changes nothing, but matches only a live blob and locks its row until the transaction ends.
  KEEP("UPDATE stored_blob SET state = 1 WHERE id = ? AND state = 1"),
  CONDEMN("UPDATE stored_blob SET state = 2, due_at = ? WHERE id = ? AND state = 1"),
  // In quotes, since MySQL keeps the word for itself; all engines know these.
  INSERT_CONTENT(
      "INSERT INTO content (id, size, sha256, created_at, `stored`) VALUES (?, ?, ?, ?, ?)"),
  CONTENT("SELECT size, sha256, `stored` FROM content WHERE id = ?"),
  // Changes nothing, but matches only what is there and locks its row until the transaction ends.
  HOLD("UPDATE content SET size = size WHERE id = ?"),
  // The subquery of a DELETE reads what is committed, not the transaction's snapshot.
  DELETE_UNNAMED(
      "DELETE FROM content WHERE id = ? AND NOT EXISTS"
          + " (SELECT 1 FROM version v WHERE v.content_id = ?)"),
  INSERT_PART(
      "INSERT INTO content_part (content_id, number, blob_id, size, sha256) VALUES (?, ?, ?, ?, ?)"),
  PARTS(
      "SELECT number, blob_id, size, sha256 FROM content_part WHERE content_id = ? AND number > ?"
          + " ORDER BY number LIMIT ?"),
  DELETE_PARTS("DELETE FROM content_part WHERE content_id = ?"),
  VERSIONS("SELECT id, content_id, size FROM version WHERE node_id = ? ORDER BY number LIMIT ?"),
  DELETE_VERSION("DELETE FROM version WHERE id = ?"),
  DUE(
      "SELECT id FROM stored_blob WHERE shard = ? AND state = ? AND due_at <= ? ORDER BY due_at LIMIT ?"),
  // The deadline is asked for again: the upload may have renewed it.
  CONDEMN_OVERDUE(
      "UPDATE stored_blob SET state = 2, due_at = ? WHERE id = ? AND state = 0 AND due_at <= ?"),
  DELETED("UPDATE stored_blob SET state = 3, due_at = ? WHERE id = ? AND state = 2"),
  FORGET("DELETE FROM stored_blob WHERE id = ? AND state = 3"),
  PURGE("INSERT INTO purged_node (node_id, workspace_id, shard, created_at) VALUES (?, ?, ?, ?)"),
  PURGES(
      "SELECT p.node_id, p.workspace_id FROM purged_node p JOIN node n ON n.id = p.node_id WHERE p.shard = ?"
          + " AND p.node_id > ? ORDER BY p.node_id LIMIT ?"),
  ROWS_OF_BLOBS(
      "SELECT b.id, b.state, (SELECT COUNT(*) FROM content_part p WHERE p.blob_id = b.id) AS named"
          + " FROM stored_blob b WHERE b.id > ? ORDER BY b.id LIMIT ?"),
  ROW_OF_BLOB(
      "SELECT b.id, b.state, (SELECT COUNT(*) FROM content_part p WHERE p.blob_id = b.id) AS named"
          + " FROM stored_blob b WHERE b.id = ?"),
  PARTS_WITHOUT_BLOB(
      "SELECT DISTINCT p.content_id AS id FROM content_part p WHERE p.content_id > ? AND NOT EXISTS"
          + " (SELECT 1 FROM stored_blob b WHERE b.id = p.blob_id AND b.state = 1)"
          + " ORDER BY p.content_id LIMIT ?"),
  PARTS_WITHOUT_CONTENT(
      "SELECT DISTINCT p.content_id AS id FROM content_part p WHERE p.content_id > ? AND NOT EXISTS"
          + " (SELECT 1 FROM content c WHERE c.id = p.content_id AND c.`stored` IS NULL)"
          + " ORDER BY p.content_id LIMIT ?"),
  CONTENTS_WITHOUT_BYTES(
      "SELECT c.id FROM content c WHERE c.id > ? AND c.`stored` IS NULL AND NOT EXISTS"
          + " (SELECT 1 FROM content_part p WHERE p.content_id = c.id) ORDER BY c.id LIMIT ?"),
  SMALL_CONTENTS(
      "SELECT id, size, sha256, `stored` FROM content WHERE id > ? AND `stored` IS NOT NULL"
          + " ORDER BY id LIMIT ?"),
  CONTENTS_WITHOUT_VERSION(
      "SELECT c.id FROM content c WHERE c.id > ? AND NOT EXISTS"
          + " (SELECT 1 FROM version v WHERE v.content_id = c.id) ORDER BY c.id LIMIT ?"),
  VERSIONS_WITHOUT_CONTENT(
      "SELECT v.id FROM version v WHERE v.id > ? AND NOT EXISTS"
          + " (SELECT 1 FROM content c WHERE c.id = v.content_id) ORDER BY v.id LIMIT ?"),
  PURGED("DELETE FROM purged_node WHERE node_id = ?");

  private final String sql;

  ContentSql(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }
}
