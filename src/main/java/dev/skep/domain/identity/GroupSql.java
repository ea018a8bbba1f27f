package dev.skep.domain.identity;

import dev.skep.port.sql.Statement;

/** The statements of groups and who is in them. */
enum GroupSql implements Statement {
  FIND("SELECT id, name, display_name, revision, created_at FROM team WHERE id = ?"),
  BY_NAME("SELECT id, name, display_name, revision, created_at FROM team WHERE name = ?"),
  LIST(
      "SELECT id, name, display_name, revision, created_at FROM team WHERE name > ? ORDER BY name LIMIT ?"),
  INSERT("INSERT INTO team (id, name, display_name, revision, created_at) VALUES (?, ?, ?, 1, ?)"),
  UPDATE("UPDATE team SET display_name = ?, revision = revision + 1 WHERE id = ?"),
  TOUCH("UPDATE team SET revision = revision + 1 WHERE id = ?"),
  DELETE("DELETE FROM team WHERE id = ?"),
  ADD_MEMBER("INSERT INTO membership (team_id, member_kind, member_id) VALUES (?, ?, ?)"),
  REMOVE_MEMBER("DELETE FROM membership WHERE team_id = ? AND member_kind = ? AND member_id = ?"),
  MEMBERS(
      "SELECT m.member_kind, m.member_id, COALESCE(a.name, t.name) AS name FROM membership m"
          + " LEFT JOIN account a ON m.member_kind = 1 AND a.id = m.member_id"
          + " LEFT JOIN team t ON m.member_kind = 2 AND t.id = m.member_id"
          + " WHERE m.team_id = ? ORDER BY m.member_kind, m.member_id LIMIT ? OFFSET ?"),
  // The groups that hold one member themselves.
  DIRECT_GROUPS(
      "SELECT team_id FROM membership WHERE member_kind = ? AND member_id = ? ORDER BY team_id LIMIT ?"),
  // The groups that hold a user, directly or through others.
  GROUPS_OF_USER(
      "WITH RECURSIVE up(id) AS ("
          + " SELECT m.team_id FROM membership m WHERE m.member_kind = 1 AND m.member_id = ?"
          + " UNION"
          + " SELECT m.team_id FROM up JOIN membership m ON m.member_kind = 2 AND m.member_id = up.id)"
          + " SELECT t.name FROM up JOIN team t ON t.id = up.id ORDER BY t.name LIMIT ? OFFSET ?"),
  // Whether the second group holds the first one, directly or through others, or is it.
  HOLDS(
      "WITH RECURSIVE up(id) AS ("
          + " SELECT t.id FROM team t WHERE t.id = ?"
          + " UNION"
          + " SELECT m.team_id FROM up JOIN membership m ON m.member_kind = 2 AND m.member_id = up.id)"
          + " SELECT up.id FROM up WHERE up.id = ?"),
  // One who may come in and has admin, the highest right, on a root, himself or by a group: his own
  // entry there alone decides.
  ROOT_ADMINISTRATOR(
      "WITH RECURSIVE holder(kind, id) AS ("
          + " SELECT p.subject_kind, p.subject_id FROM permission p WHERE p.node_id = ? AND p.rights >= 16"
          + " UNION"
          + " SELECT m.member_kind, m.member_id FROM holder h JOIN membership m ON h.kind = 2 AND m.team_id = h.id)"
          + " SELECT a.id FROM holder h JOIN account a ON h.kind = 1 AND a.id = h.id"
          + " LEFT JOIN permission own ON own.node_id = ? AND own.subject_kind = 1 AND own.subject_id = a.id"
          + " WHERE a.disabled = 0 AND (own.rights IS NULL OR own.rights >= 16) ORDER BY a.id LIMIT 1"),
  ROOT_ADMINISTRATOR_BY_EVERYONE(
      "SELECT a.id FROM permission e JOIN account a ON a.disabled = 0"
          + " LEFT JOIN permission own ON own.node_id = ? AND own.subject_kind = 1 AND own.subject_id = a.id"
          + " WHERE e.node_id = ? AND e.subject_kind = 3 AND e.rights >= 16"
          + " AND (own.rights IS NULL OR own.rights >= 16) ORDER BY a.id LIMIT 1"),
  // The roots of shared workspaces on which a user or group has admin, itself or by a group.
  ROOTS_ADMINISTERED_BY(
      "WITH RECURSIVE up(kind, id) AS ("
          + " SELECT 1, a.id FROM account a WHERE a.id = ?"
          + " UNION"
          + " SELECT 2, t.id FROM team t WHERE t.id = ?"
          + " UNION"
          + " SELECT 2, m.team_id FROM up JOIN membership m ON m.member_kind = up.kind AND m.member_id = up.id)"
          + " SELECT DISTINCT p.node_id FROM up JOIN permission p ON p.subject_kind = up.kind AND p.subject_id = up.id"
          + " JOIN workspace w ON w.id = p.workspace_id AND w.root_id = p.node_id"
          + " WHERE p.rights >= 16 AND w.owner_id = ? ORDER BY p.node_id LIMIT ?");

  private final String sql;

  GroupSql(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }
}
