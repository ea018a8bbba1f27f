package dev.skep.domain.settings;

import dev.skep.port.sql.Statement;

/** The statements of the copy of the settings, for a start without the config store. */
enum SettingSql implements Statement {
  COPIES("SELECT setting_key, value, revision FROM setting_copy ORDER BY setting_key LIMIT ?"),
  UPDATE_COPY(
      "UPDATE setting_copy SET value = ?, revision = ? WHERE setting_key = ? AND revision < ?"),
  OVERWRITE_COPY("UPDATE setting_copy SET value = ?, revision = ? WHERE setting_key = ?"),
  INSERT_COPY("INSERT INTO setting_copy (setting_key, value, revision) VALUES (?, ?, ?)"),
  DELETE_COPY("DELETE FROM setting_copy WHERE setting_key = ?");

  private final String sql;

  SettingSql(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }
}
