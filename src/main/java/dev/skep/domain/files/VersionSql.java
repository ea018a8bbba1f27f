package dev.skep.domain.files;

import dev.skep.port.sql.Statement;

/** The statements of a file's versions. */
enum VersionSql implements Statement {
  PAGE(
      "SELECT id, number, content_id, size, sha256, media_type, created_at, created_by, client_modified_at FROM version"
          + " WHERE node_id = ? AND number < ? ORDER BY number DESC LIMIT ?"),
  ONE(
      "SELECT id, number, content_id, size, sha256, media_type, created_at, created_by, client_modified_at FROM version"
          + " WHERE node_id = ? AND id = ?"),
  SET_CLIENT_TIME("UPDATE version SET client_modified_at = ? WHERE id = ?"),
  DELETE("DELETE FROM version WHERE node_id = ? AND id = ?");

  private final String sql;

  VersionSql(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }
}
