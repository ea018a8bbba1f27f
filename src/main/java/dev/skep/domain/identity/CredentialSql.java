package dev.skep.domain.identity;

import dev.skep.port.sql.Statement;

/** The statements of sessions and access tokens. */
enum CredentialSql implements Statement {
  // One row for each scope, one without a scope: everything that a request needs in one indexed
  // read.
  AUTHENTICATE(
      "SELECT c.id, c.account_id, c.expires_at, c.last_used_at, a.name, a.admin, a.disabled, s.node_id, s.rights"
          + " FROM credential c JOIN account a ON a.id = c.account_id"
          + " LEFT JOIN credential_scope s ON s.credential_id = c.id WHERE c.secret_hash = ? LIMIT 1001"),
  USED("UPDATE credential SET last_used_at = ? WHERE id = ?"),
  INSERT(
      "INSERT INTO credential (id, secret_hash, account_id, kind, name, created_at, expires_at, last_used_at)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, NULL)"),
  INSERT_SCOPE(
      "INSERT INTO credential_scope (credential_id, node_id, path, rights) VALUES (?, ?, ?, ?)"),
  FIND(
      "SELECT id, account_id, kind, name, created_at, expires_at, last_used_at FROM credential WHERE id = ?"),
  SCOPES(
      "SELECT path, rights FROM credential_scope WHERE credential_id = ? ORDER BY path, node_id LIMIT 1001"),
  LIST(
      "SELECT id, account_id, kind, name, created_at, expires_at, last_used_at FROM credential"
          + " WHERE account_id = ? AND kind = ? AND expires_at > ? AND id > ? ORDER BY id LIMIT ?"),
  OF_ACCOUNT(
      "SELECT id, account_id, kind, name, expires_at FROM credential WHERE account_id = ? ORDER BY kind, id LIMIT ?"),
  OTHERS_OF_KIND(
      "SELECT id, account_id, kind, name, expires_at FROM credential"
          + " WHERE account_id = ? AND kind = ? AND id <> ? ORDER BY id LIMIT ?"),
  EXPIRED("SELECT id, kind FROM credential WHERE expires_at <= ? ORDER BY expires_at LIMIT ?"),
  DELETE("DELETE FROM credential WHERE id = ?"),
  DELETE_SCOPES("DELETE FROM credential_scope WHERE credential_id = ?");

  private final String sql;

  CredentialSql(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }
}
