package dev.skep.port.sql.mysql;

import dev.skep.testkit.SqlEngine;
import dev.skep.testkit.tier.OnlyInSoak;
import org.junit.jupiter.api.Tag;

/** The same on MySQL. */
@Tag("server")
@OnlyInSoak
class MySqlOpeningOnMySqlTest extends MySqlOpeningTest {

  @Override
  SqlEngine engine() {
    return SqlEngine.MYSQL;
  }

  @Override
  int kills() {
    return 5;
  }
}
