package dev.skep.domain.identity;

import dev.skep.port.sql.Statement;

/** The statements of the identities row, users and their homes. */
enum AccountSql implements Statement {
  SERIALISE("UPDATE identities SET seq = seq + 1 WHERE one = 1"),
  SERIALISE_RIGHTS("UPDATE identities SET seq = seq + 1, epoch = epoch + 1 WHERE one = 1"),
  SEQ("SELECT seq FROM identities WHERE one = 1"),
  INSTALLATION("SELECT id FROM installation WHERE one = 1"),
  CURSOR_KEY("SELECT cursor_key FROM installation WHERE one = 1"),
  INSERT_INSTALLATION(
      "INSERT INTO installation (one, id, generation, cursor_key, created_at) VALUES (1, ?, 1, ?, ?)"),

  // Up to eight at a time; places left over hold the zero id, which no account has.
  NAMES("SELECT id, name FROM account WHERE id IN (?, ?, ?, ?, ?, ?, ?, ?)"),
  FIND(Columns.ACCOUNT + " WHERE id = ?"),
  BY_NAME(Columns.ACCOUNT + " WHERE name = ?"),
  LIST(Columns.ACCOUNT + " WHERE name > ? ORDER BY name LIMIT ?"),
  ANY("SELECT id FROM account ORDER BY id LIMIT 1"),
  ADMINISTRATORS(
      Columns.ACCOUNT
          + " WHERE admin = 1 AND disabled = 0 AND password_hash IS NOT NULL ORDER BY id LIMIT ?"),
  PASSWORD("SELECT id, password_hash, disabled FROM account WHERE name = ?"),
  INSERT(
      "INSERT INTO account (id, name, display_name, email, type, admin, disabled, password_hash, home_id, revision,"
          + " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)"),
  UPDATE(
      "UPDATE account SET display_name = ?, email = ?, admin = ?, disabled = ?, revision = revision + 1 WHERE id = ?"),
  SET_PASSWORD("UPDATE account SET password_hash = ?, revision = revision + 1 WHERE id = ?"),
  DELETE("DELETE FROM account WHERE id = ?"),

  // The owner's entry on the root of his home: people lie below permissions, so it is made here.
  INSERT_ENTRY(
      "INSERT INTO permission (node_id, subject_kind, subject_id, workspace_id, rights, revision) VALUES (?, ?, ?, ?, ?,"
          + " 1)"),
  ENTRIES_OF_SUBJECT(
      "SELECT node_id FROM permission WHERE subject_kind = ? AND subject_id = ? ORDER BY workspace_id, node_id LIMIT ?"),
  DELETE_ENTRY("DELETE FROM permission WHERE node_id = ? AND subject_kind = ? AND subject_id = ?"),
  DELETE_ENTRIES_OF_NODE("DELETE FROM permission WHERE node_id = ?");

  private final String sql;

  AccountSql(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }

  /** Shared text; nested because an enum's constants cannot use its own fields. */
  private static final class Columns {
    static final String ACCOUNT =
        "SELECT id, name, display_name, email, type, admin, disabled, home_id, revision, created_at FROM account";
  }
}
