package dev.skep.port.sql;

import dev.skep.testkit.SqlEngine;
import org.junit.jupiter.api.Tag;

/** The same on SQLite and MySQL. */
@Tag("server")
class StatementTableOnMySqlTest extends StatementTableTest {

  @Override
  SqlEngine engine() {
    return SqlEngine.MYSQL;
  }

  /** Fewer: the client sends them one by one there. */
  @Override
  int entries() {
    return 20_000;
  }
}
