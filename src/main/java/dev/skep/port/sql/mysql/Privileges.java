package dev.skep.port.sql.mysql;

import java.util.List;

/**
 * Tries, without any effect, what the account must be allowed to do, so that a missing right is
 * told at the start and not by the first request that needs it.
 */
final class Privileges {

  private static final String TABLE = "flyway_schema_history";

  private static final List<String> NEEDED =
      List.of(
          "SELECT 1 FROM " + TABLE + " WHERE FALSE",
          "INSERT INTO " + TABLE + " SELECT * FROM " + TABLE + " WHERE FALSE",
          "UPDATE " + TABLE + " SET success = success WHERE FALSE",
          "DELETE FROM " + TABLE + " WHERE FALSE");

  private Privileges() {}

  /**
   * @throws SqlFailure refused with the server's own words for a missing right
   */
  static void check(Session session, Limits limits) throws SqlFailure {
    for (String statement : NEEDED) {
      session.run(statement, limits.answer());
    }
    session.run("ROLLBACK", limits.answer());
  }
}
