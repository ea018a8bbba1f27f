package dev.skep.domain.workspace;

import dev.skep.port.sql.Statement;

/** The statements of workspaces' administration. */
enum WorkspaceSql implements Statement {
  // A new workspace has no row of its own to begin with: slugs and keys are decided one after
  // another.
  SERIALISE("UPDATE identities SET seq = seq + 1 WHERE one = 1"),
  SEQ("SELECT seq FROM identities WHERE one = 1"),
  PENDING_PURGE("SELECT node_id FROM purged_node WHERE workspace_id = ? LIMIT 1");

  private final String sql;

  WorkspaceSql(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }
}
