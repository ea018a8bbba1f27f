package dev.skep.port.sql.mysql;

import dev.skep.testkit.SqlEngine;
import org.junit.jupiter.api.Tag;

/** The same on MySQL. */
@Tag("server")
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
