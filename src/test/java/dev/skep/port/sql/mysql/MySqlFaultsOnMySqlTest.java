package dev.skep.port.sql.mysql;

import dev.skep.testkit.SqlEngine;
import dev.skep.testkit.tier.OnlyInSoak;

/** The faults of a server on MySQL. */
@OnlyInSoak
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
