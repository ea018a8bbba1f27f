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
          + " SELECT up.id FROM up WHERE up.id = ?");

  private final String sql;

  GroupSql(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }
}
