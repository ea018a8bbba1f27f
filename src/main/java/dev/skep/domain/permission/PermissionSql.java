package dev.skep.domain.permission;

import dev.skep.port.sql.Statement;

/** The statements of permissions. */
enum PermissionSql implements Statement {
  // Every entry that can count for one user on a node and above it, nearest first: one snapshot
  // decides (P8).
  ENTRIES_ABOVE(
      Parts.SUBJECTS
          + ", "
          + Parts.UP
          + " SELECT up.depth, p.subject_kind, p.subject_id, p.rights"
          + " FROM up JOIN permission p ON p.node_id = up.id"
          + " WHERE"
          + Parts.COUNTS
          + " ORDER BY up.depth, p.subject_kind, p.subject_id LIMIT ? OFFSET ?"),
  // Every entry on a node and above it, of all subjects, nearest first.
  ALL_ENTRIES_ABOVE(
      "WITH RECURSIVE "
          + Parts.UP
          + " SELECT up.depth, p.subject_kind, p.subject_id, p.rights"
          + " FROM up JOIN permission p ON p.node_id = up.id"
          + " ORDER BY up.depth, p.subject_kind, p.subject_id LIMIT ? OFFSET ?"),
  // Every entry below a node, and the nodes on the way to it. From each entry of the workspace up,
  // until the node is met: entries are few, while below a node may lie anything.
  ENTRIES_BELOW(
      "WITH RECURSIVE up(start_id, at) AS ("
          + " SELECT n.id, COALESCE(n.rights_parent_id, n.parent_id)"
          + " FROM permission p JOIN node n ON n.id = p.node_id WHERE p.workspace_id = ?"
          + " UNION"
          + " SELECT up.start_id, COALESCE(n.rights_parent_id, n.parent_id)"
          + " FROM up JOIN node n ON n.id = up.at WHERE up.at <> ?),"
          + " way(id, next_id) AS ("
          + " SELECT n.id, COALESCE(n.rights_parent_id, n.parent_id)"
          + " FROM up JOIN node n ON n.id = up.start_id WHERE up.at = ?"
          + " UNION"
          + " SELECT n.id, COALESCE(n.rights_parent_id, n.parent_id)"
          + " FROM way JOIN node n ON n.id = way.next_id WHERE way.next_id <> ?)"
          + " SELECT way.id, way.next_id, p.subject_kind, p.subject_id, p.rights"
          + " FROM way LEFT JOIN permission p ON p.node_id = way.id"
          + " ORDER BY way.id, p.subject_kind, p.subject_id LIMIT ? OFFSET ?"),
  // The groups that a user is in, directly or through others, whether or not he is disabled.
  GROUPS_OF(
      Parts.SUBJECTS_WHEN_ENABLED
          + " SELECT s.id FROM subject s WHERE s.kind = 2 ORDER BY s.id LIMIT ? OFFSET ?"),
  // The same for the children of a folder, in a range of names.
  ENTRIES_OF_CHILDREN(
      Parts.SUBJECTS
          + " SELECT n.id, p.subject_kind, p.subject_id, p.rights"
          + " FROM node n JOIN permission p ON p.node_id = n.id"
          + " WHERE n.parent_id = ? AND n.name > ? AND n.name <= ? AND"
          + Parts.COUNTS
          + " ORDER BY n.name, p.subject_kind, p.subject_id LIMIT ? OFFSET ?"),
  // The same for a range of the trash, and for all above that it inherits from.
  ENTRIES_OF_TRASHED(
      Parts.SUBJECTS
          + ", up(id) AS ("
          + " SELECT n.id FROM node n WHERE n.parent_id = ? AND n.name > ? AND n.name <= ?"
          + " UNION"
          + " SELECT COALESCE(n.rights_parent_id, n.parent_id) FROM up JOIN node n ON n.id = up.id)"
          + " SELECT p.node_id, p.subject_kind, p.subject_id, p.rights"
          + " FROM up JOIN permission p ON p.node_id = up.id WHERE"
          + Parts.COUNTS
          + " ORDER BY p.node_id, p.subject_kind, p.subject_id LIMIT ? OFFSET ?"),
  // All entries on a node, with the names of whom they are for.
  OWN_ENTRIES(
      "SELECT p.node_id, p.subject_kind, p.subject_id, p.rights, p.revision, COALESCE(a.name, t.name, '') AS name"
          + " FROM permission p"
          + " LEFT JOIN account a ON p.subject_kind = 1 AND a.id = p.subject_id"
          + " LEFT JOIN team t ON p.subject_kind = 2 AND t.id = p.subject_id"
          + " WHERE p.node_id = ? ORDER BY p.subject_kind, p.subject_id LIMIT ? OFFSET ?"),
  USER_BY_NAME("SELECT id FROM account WHERE name = ?"),
  GROUP_BY_NAME("SELECT id FROM team WHERE name = ?"),
  INSERT_ENTRY(
      "INSERT INTO permission (node_id, subject_kind, subject_id, workspace_id, rights, revision) VALUES (?, ?, ?, ?, ?,"
          + " ?)"),
  UPDATE_ENTRY(
      "UPDATE permission SET rights = ?, revision = ? WHERE node_id = ? AND subject_kind = ? AND subject_id = ?"),
  DELETE_ENTRY("DELETE FROM permission WHERE node_id = ? AND subject_kind = ? AND subject_id = ?"),
  DELETE_ENTRIES_OF_WORKSPACE("DELETE FROM permission WHERE workspace_id = ?"),
  // Nodes outside a user's own home on which an entry gives something to the user, a group of
  // theirs
  // or everyone; from the entries, however many nodes there are.
  SHARED_WITH(
      Parts.SUBJECTS
          + " SELECT g.node_id FROM ("
          + " SELECT p.node_id, p.workspace_id FROM subject s"
          + " JOIN permission p ON p.subject_kind = s.kind AND p.subject_id = s.id"
          + " WHERE p.rights <> 0 AND p.node_id > ?"
          + " UNION"
          + " SELECT e.node_id, e.workspace_id FROM permission e"
          + " WHERE e.subject_kind = 3 AND e.rights <> 0 AND e.node_id > ? AND EXISTS (SELECT 1 FROM subject)"
          + ") g JOIN workspace w ON w.id = g.workspace_id WHERE w.owner_id <> ? ORDER BY g.node_id LIMIT ?"),
  // By the index of subjects: however many workspaces there are, only those are touched where he
  // holds something.
  WORKSPACES_OF(
      Parts.SUBJECTS
          + " SELECT w.id FROM workspace w WHERE w.slug > ? AND w.id IN ("
          + Parts.HELD
          + ") ORDER BY w.slug LIMIT ?"),
  // One that lacks a right, among those that can count for him in a workspace.
  ENTRY_WITHOUT(
      Parts.SUBJECTS
          + " SELECT p.node_id FROM subject s JOIN permission p"
          + " ON p.subject_kind = s.kind AND p.subject_id = s.id AND p.workspace_id = ?"
          + " WHERE (p.rights & ?) = 0"
          + " UNION"
          + " SELECT e.node_id FROM permission e WHERE e.subject_kind = 3 AND e.subject_id = ? AND e.workspace_id = ?"
          + " AND (e.rights & ?) = 0 LIMIT 1"),
  OWN_ENTRY_WITHOUT(
      "SELECT node_id FROM permission WHERE subject_kind = 1 AND subject_id = ? AND workspace_id = ?"
          + " AND (rights & ?) = 0 LIMIT 1"),
  WORKSPACE_IF_HELD(
      Parts.SUBJECTS
          + " SELECT w.id FROM workspace w WHERE w.id = ? AND w.id IN ("
          + Parts.HELD
          + ")");

  private final String sql;

  PermissionSql(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }

  /** Shared text; nested because an enum's constants cannot use its own fields. */
  private static final class Parts {
    // The user, unless disabled, and all groups that he is in, directly or through others.
    static final String SUBJECTS = subjects(" AND a.disabled = 0");
    static final String SUBJECTS_WHEN_ENABLED = subjects("");

    // Everyone is everyone who may come in: not who is disabled.
    static final String COUNTS =
        " EXISTS (SELECT 1 FROM subject s WHERE p.subject_kind = 3"
            + " OR (s.kind = p.subject_kind AND s.id = p.subject_id))";

    // The node and all above it by the way its rights come: out of the trash to where it was.
    static final String UP =
        "up(depth, id, next_id) AS ("
            + " SELECT 0, n.id, COALESCE(n.rights_parent_id, n.parent_id) FROM node n WHERE n.id = ?"
            + " UNION ALL"
            + " SELECT up.depth + 1, n.id, COALESCE(n.rights_parent_id, n.parent_id)"
            + " FROM up JOIN node n ON n.id = up.next_id WHERE up.depth < 100000)";

    // Workspaces with an entry that gives him something; EXISTS: not for who is disabled.
    static final String HELD =
        "SELECT p.workspace_id FROM subject s JOIN permission p ON p.subject_kind = s.kind AND p.subject_id = s.id"
            + " WHERE p.rights <> 0"
            + " UNION"
            + " SELECT e.workspace_id FROM permission e WHERE e.subject_kind = 3 AND e.rights <> 0"
            + " AND EXISTS (SELECT 1 FROM subject)";

    static String subjects(String condition) {
      return "WITH RECURSIVE subject(kind, id) AS ("
          + " SELECT 1, a.id FROM account a WHERE a.id = ?"
          + condition
          + " UNION"
          + " SELECT 2, m.team_id FROM subject s JOIN membership m ON m.member_kind = s.kind AND m.member_id = s.id)";
    }
  }
}
