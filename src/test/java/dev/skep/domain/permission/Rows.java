package dev.skep.domain.permission;

import dev.skep.port.sql.Statement;

/** Rows that tests write themselves, past the domain's own checks and password hashes. */
enum Rows implements Statement {
  ACCOUNT(
      "INSERT INTO account (id, name, display_name, email, type, admin, disabled, password_hash, home_id, revision,"
          + " created_at) VALUES (?, ?, '', '', 'person', ?, ?, NULL, ?, 1, 0)"),
  TEAM("INSERT INTO team (id, name, display_name, revision, created_at) VALUES (?, ?, '', 1, 0)"),
  MEMBER("INSERT INTO membership (team_id, member_kind, member_id) VALUES (?, ?, ?)"),
  REMOVE_MEMBER("DELETE FROM membership WHERE team_id = ? AND member_kind = ? AND member_id = ?"),
  PROMOTE("UPDATE account SET admin = 1 WHERE id = ?"),
  DEMOTE("UPDATE account SET admin = 0 WHERE id = ?"),
  DISABLE("UPDATE account SET disabled = 1 WHERE id = ?"),
  ENTRY(
      "INSERT INTO permission (node_id, subject_kind, subject_id, workspace_id, rights, revision) VALUES (?, ?, ?, ?, ?,"
          + " 1)"),
  PURGE("INSERT INTO purged_node (node_id, workspace_id, shard, created_at) VALUES (?, ?, 0, 0)"),
  COUNT_ENTRIES("SELECT COUNT(*) AS n FROM permission WHERE node_id = ?"),
  EVENTS("SELECT seq, changes FROM outbox WHERE workspace_id = ? ORDER BY seq LIMIT 1000"),
  EPOCH("SELECT rights_epoch FROM workspace WHERE id = ?");

  private final String sql;

  Rows(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }
}
