package dev.skep.domain.tree;

import dev.skep.port.sql.Statement;

/** The statements of the tree. */
enum TreeSql implements Statement {
  SERIALISE("UPDATE workspace SET seq = seq + 1 WHERE id = ?"),
  GIVE_BACK_SEQ("UPDATE workspace SET seq = seq - 1 WHERE id = ?"),
  WORKSPACE(Columns.WORKSPACE + " WHERE id = ?"),
  WORKSPACE_BY_SLUG(Columns.WORKSPACE + " WHERE slug = ?"),
  WORKSPACE_OF_OWNER(Columns.WORKSPACE + " WHERE owner_id = ?"),
  INSERT_WORKSPACE(
      "INSERT INTO workspace (id, slug, name, owner_id, root_id, trash_id, seq, rights_epoch, quota, used, revision,"
          + " created_at) VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?, 0, 1, ?)"),
  UPDATE_WORKSPACE(
      "UPDATE workspace SET name = ?, quota = ?, revision = revision + 1 WHERE id = ?"),
  SET_TRASH("UPDATE workspace SET trash_id = ? WHERE id = ?"),
  DELETE_WORKSPACE("DELETE FROM workspace WHERE id = ?"),
  RAISE_EPOCH("UPDATE workspace SET rights_epoch = rights_epoch + 1 WHERE id = ?"),
  CHARGE("UPDATE workspace SET used = used + ? WHERE id = ? AND (quota < 0 OR used + ? <= quota)"),
  CREDIT("UPDATE workspace SET used = used - ? WHERE id = ?"),
  NODE(Columns.NODE + " WHERE n.id = ?"),
  CHILD(Columns.NODE + " WHERE n.parent_id = ? AND n.name = ?"),
  CHILDREN(Columns.NODE + " WHERE n.parent_id = ? AND n.name > ? ORDER BY n.name LIMIT ?"),
  // What lies in a trash; tags and metadata are not read, which nobody is shown there.
  TRASHED(
      Columns.NODE.replace("n.tags, n.metadata", "'[]' AS tags, '{}' AS metadata")
          + " WHERE n.parent_id = ? AND n.name > ? ORDER BY n.name LIMIT ?"),
  // Large descriptions stay where they are: a page of them would not fit into memory.
  LIGHT_CHILDREN(
      "SELECT n.id, n.workspace_id, n.parent_id, n.name, n.type, n.version_id, n.content_id, n.size, n.sha256,"
          + " n.media_type, CASE WHEN OCTET_LENGTH(n.tags) <= 1024 THEN n.tags ELSE '[]' END AS tags,"
          + " CASE WHEN OCTET_LENGTH(n.metadata) <= 1024 THEN n.metadata ELSE '{}' END AS metadata,"
          + " CASE WHEN OCTET_LENGTH(n.tags) <= 1024 AND OCTET_LENGTH(n.metadata) <= 1024 THEN 1 ELSE 0 END AS whole,"
          + " n.revision, n.created_at, n.created_by, n.modified_at, n.modified_by, n.client_modified_at,"
          + " n.rights_parent_id, n.origin_id, n.origin_name, n.deleted_at, n.deleted_by FROM node n"
          + " WHERE n.parent_id = ? AND n.name > ? ORDER BY n.name LIMIT ?"),
  BYTES_OF_CHILDREN(
      "SELECT OCTET_LENGTH(n.tags) + OCTET_LENGTH(n.metadata) AS bytes FROM node n"
          + " WHERE n.parent_id = ? AND n.name > ? ORDER BY n.name LIMIT ?"),
  // The next id is a scalar subquery, never a join: a join reads whole folders on MariaDB (P5).
  RESOLVE(
      "WITH RECURSIVE walk(depth, rest, id) AS ("
          + " SELECT 0, CAST(? AS CHAR(4200)), w.root_id FROM workspace w WHERE w.id = ?"
          + " UNION ALL"
          + " SELECT walk.depth + 1, SUBSTR(walk.rest, INSTR(walk.rest, '/') + 1),"
          + " (SELECT n.id FROM node n WHERE n.parent_id = walk.id"
          + " AND n.name = SUBSTR(walk.rest, 1, INSTR(walk.rest, '/') - 1))"
          + " FROM walk WHERE walk.rest <> '' AND walk.id IS NOT NULL)"
          + " SELECT depth, id FROM walk ORDER BY depth"),
  // From the node to the root by the way its rights come: out of the trash to where it was.
  ANCESTORS(
      "WITH RECURSIVE up(depth, id, next_id) AS ("
          + " SELECT 0, n.id, COALESCE(n.rights_parent_id, n.parent_id) FROM node n WHERE n.id = ?"
          + " UNION ALL"
          + " SELECT up.depth + 1, n.id, COALESCE(n.rights_parent_id, n.parent_id)"
          + " FROM up JOIN node n ON n.id = up.next_id WHERE up.depth < 1000)"
          + " SELECT up.depth, n.id, n.parent_id, n.name, n.type, n.rights_parent_id, n.origin_name FROM up"
          + " JOIN node n ON n.id = up.id ORDER BY up.depth"),
  // The same for what a range of the trash inherits from, each folder once, however many share it.
  ABOVE_TRASHED(
      "WITH RECURSIVE up(id) AS ("
          + " SELECT n.rights_parent_id FROM node n WHERE n.parent_id = ? AND n.name > ? AND n.name <= ?"
          + " UNION"
          + " SELECT COALESCE(n.rights_parent_id, n.parent_id) FROM up JOIN node n ON n.id = up.id)"
          + " SELECT n.id, n.parent_id, n.name, n.type, n.rights_parent_id, n.origin_name FROM up"
          + " JOIN node n ON n.id = up.id ORDER BY n.id LIMIT ? OFFSET ?"),
  INSERT_NODE(
      "INSERT INTO node (id, workspace_id, parent_id, name, type, version_id, content_id, size, sha256, media_type,"
          + " tags, metadata, revision, created_at, created_by, modified_at, modified_by, client_modified_at)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)"),
  // A file's stored content changes.
  SET_CONTENT(
      "UPDATE node SET version_id = ?, content_id = ?, size = ?, sha256 = ?, media_type = ?, revision = revision + 1,"
          + " modified_at = ?, modified_by = ?, client_modified_at = ? WHERE id = ?"),
  SET_PROPERTIES(
      "UPDATE node SET media_type = ?, tags = ?, metadata = ?, revision = revision + 1, modified_at = ?,"
          + " modified_by = ?, client_modified_at = ? WHERE id = ?"),
  MOVE("UPDATE node SET parent_id = ?, name = ?, revision = revision + 1 WHERE id = ?"),
  TRASH(
      "UPDATE node SET parent_id = ?, name = ?, rights_parent_id = ?, origin_id = ?, origin_name = ?, deleted_at = ?,"
          + " deleted_by = ?, revision = revision + 1 WHERE id = ?"),
  RESTORE(
      "UPDATE node SET parent_id = ?, name = ?, rights_parent_id = NULL, origin_id = NULL, origin_name = NULL,"
          + " deleted_at = NULL, deleted_by = NULL, revision = revision + 1 WHERE id = ?"),
  DETACH("UPDATE node SET parent_id = workspace_id, name = ? WHERE id = ?"),
  DELETE_NODE("DELETE FROM node WHERE id = ?"),
  // Nodes in the trash that inherited from a folder which is now removed for good inherit from its
  // parent.
  ORPHANED_IN_TRASH("SELECT n.id FROM node n WHERE n.rights_parent_id = ? ORDER BY n.id LIMIT ?"),
  RE_PARENT_RIGHTS("UPDATE node SET rights_parent_id = ? WHERE id = ?");

  private final String sql;

  TreeSql(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }

  /**
   * The columns that make a record; nested because an enum's constants cannot use its own fields.
   */
  private static final class Columns {
    static final String WORKSPACE =
        "SELECT id, slug, name, owner_id, root_id, trash_id, seq, rights_epoch, quota, used, revision, created_at"
            + " FROM workspace";
    static final String NODE =
        "SELECT n.id, n.workspace_id, n.parent_id, n.name, n.type, n.version_id, n.content_id, n.size, n.sha256,"
            + " n.media_type, n.tags, n.metadata, n.revision, n.created_at, n.created_by, n.modified_at, n.modified_by, n.client_modified_at,"
            + " n.rights_parent_id, n.origin_id, n.origin_name, n.deleted_at, n.deleted_by FROM node n";
  }
}
