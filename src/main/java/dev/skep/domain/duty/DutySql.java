package dev.skep.domain.duty;

import dev.skep.port.sql.Statement;

/** The statements of fencing. */
enum DutySql implements Statement {
  EPOCH("SELECT epoch, identity FROM token_epoch WHERE id = 1"),
  RAISE_EPOCH(
      "UPDATE token_epoch SET epoch = epoch + 1, identity = ? WHERE id = 1 AND identity <> ?"),
  FIRST_EPOCH("INSERT INTO token_epoch (id, epoch, identity) VALUES (1, 1, ?)"),
  ADVANCE_FENCE(
      "UPDATE fence SET epoch = ?, number = ? WHERE duty = ? AND (epoch < ? OR (epoch = ? AND number <= ?))"),
  FENCES("SELECT duty, epoch, number FROM fence ORDER BY duty LIMIT ?"),
  FIRST_FENCE("INSERT INTO fence (duty, epoch, number) VALUES (?, ?, ?)");

  private final String sql;

  DutySql(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }
}
