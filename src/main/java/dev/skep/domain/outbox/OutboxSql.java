package dev.skep.domain.outbox;

import dev.skep.port.sql.Statement;

/** The statements of the outbox and of idempotency keys. */
enum OutboxSql implements Statement {
  APPEND(
      "INSERT INTO outbox (workspace_id, seq, tx_id, at, actor_id, request_id, changes) VALUES (?, ?, ?, ?, ?, ?, ?)"),
  // The same while the session or access token is good that the change came with.
  APPEND_OF(
      "INSERT INTO outbox (workspace_id, seq, tx_id, at, actor_id, request_id, changes)"
          + " SELECT ?, ?, ?, ?, ?, ?, ? FROM credential c WHERE c.id = ? AND c.expires_at > ?"),
  EXPIRED("SELECT workspace_id, seq FROM outbox WHERE tx_id < ? AND at < ? ORDER BY tx_id LIMIT ?"),
  REMOVE("DELETE FROM outbox WHERE workspace_id = ? AND seq = ?"),
  ANSWER("SELECT digest, answer FROM idempotency WHERE account_id = ? AND request_key = ?"),
  INSERT_ANSWER(
      "INSERT INTO idempotency (account_id, request_key, digest, answer, created_at) VALUES (?, ?, ?, ?, ?)"),
  EXPIRED_ANSWERS(
      "SELECT account_id, request_key FROM idempotency WHERE created_at < ? ORDER BY created_at LIMIT ?"),
  DELETE_ANSWER("DELETE FROM idempotency WHERE account_id = ? AND request_key = ?");

  private final String sql;

  OutboxSql(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }
}
