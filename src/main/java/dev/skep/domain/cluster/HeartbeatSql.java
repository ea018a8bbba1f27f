package dev.skep.domain.cluster;

import dev.skep.port.sql.Statement;

/** The statements of the heartbeats. */
enum HeartbeatSql implements Statement {
  /** Whoever enters waits for the one before him, so that of two the second sees the first. */
  ONE_AT_A_TIME("UPDATE identities SET seq = seq WHERE one = 1"),
  ALL("SELECT replica_id, version, drivers, at FROM heartbeat ORDER BY replica_id LIMIT ?"),
  INSERT("INSERT INTO heartbeat (replica_id, version, drivers, at) VALUES (?, ?, ?, ?)"),
  BEAT("UPDATE heartbeat SET at = ? WHERE replica_id = ?"),
  LEAVE("DELETE FROM heartbeat WHERE replica_id = ?"),
  REMOVE_UNCHANGED("DELETE FROM heartbeat WHERE replica_id = ? AND at = ?"),
  REMOVE_OLD("DELETE FROM heartbeat WHERE at < ?");

  private final String sql;

  HeartbeatSql(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }
}
