package dev.skep.domain.files;

import dev.skep.port.sql.Statement;

/** The statements of storing content. */
enum FilesSql implements Statement {
  NEWEST_VERSION("SELECT COALESCE(MAX(number), 0) AS number FROM version WHERE node_id = ?"),
  INSERT_VERSION(
      "INSERT INTO version (id, node_id, number, content_id, size, sha256, media_type, created_at, created_by,"
          + " client_modified_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

  private final String sql;

  FilesSql(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }
}
