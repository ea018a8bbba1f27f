package dev.skep.port.sql;

/** The statements of {@link SqlStoreContract}, over the tables of {@code db/contract}. */
enum ContractSql implements Statement {
  COUNT_UP("UPDATE counter SET value = value + 1 WHERE name = ?"),
  SET_COUNTER("UPDATE counter SET value = ? WHERE name = ?"),
  COMPARE_AND_SET("UPDATE counter SET value = ? WHERE name = ? AND value = ?"),
  SET_ALL_COUNTERS("UPDATE counter SET value = ?"),
  RENAME_COUNTER("UPDATE counter SET name = ? WHERE name = ?"),
  READ_COUNTER("SELECT value FROM counter WHERE name = ?"),
  ADD_COUNTER("INSERT INTO counter (name, value) VALUES (?, ?)"),
  ADD_TWO_COUNTERS("INSERT INTO counter (name, value) VALUES (?, 0), (?, 0)"),
  DELETE_COUNTER("DELETE FROM counter WHERE name = ?"),
  DELETE_COUNTERS("DELETE FROM counter"),
  LIST_COUNTERS("SELECT name FROM counter"),

  ADD_ENTRY("INSERT INTO entry (id, name, number, at, data) VALUES (?, ?, ?, ?, ?)"),
  FIND_ENTRY("SELECT id, name, number, at, data FROM entry WHERE id = ?"),
  FIND_ENTRY_IN_CAPITALS("SELECT id AS ID, name AS Name FROM entry WHERE id = ?"),
  FIND_BY_NAME("SELECT id, name FROM entry WHERE name = ?"),
  LIST_NAMES("SELECT name FROM entry ORDER BY name LIMIT 1001"),

  DELETE_ENTRIES("DELETE FROM entry"),

  WITH_A_MISTAKE("UPDATE counter SET valeu = 1"),
  /** With a thousand counters this takes longer than anyone waits. */
  LAST_FOR_EVER(
      "SELECT count(*) AS n FROM counter a, counter b, counter c, counter d"
          + " WHERE a.value + b.value + c.value + d.value < 0");

  private final String sql;

  ContractSql(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }
}
