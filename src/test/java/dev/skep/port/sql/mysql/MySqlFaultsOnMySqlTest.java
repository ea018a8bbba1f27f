package dev.skep.port.sql.mysql;

import dev.skep.testkit.SqlEngine;

/** The faults of a server on MySQL. */
class MySqlFaultsOnMySqlTest extends ServerFaults {

  @Override
  SqlEngine engine() {
    return SqlEngine.MYSQL;
  }

  /** Fewer: the client's side of it is the same. */
  @Override
  int deaths() {
    return 80;
  }
}
