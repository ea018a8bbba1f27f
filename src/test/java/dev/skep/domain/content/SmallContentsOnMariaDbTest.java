package dev.skep.domain.content;

import dev.skep.port.sql.SqlStore;
import dev.skep.testkit.SharedDatabase;
import dev.skep.testkit.SqlEngine;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same on MariaDB. */
@Tag("server")
class SmallContentsOnMariaDbTest extends SmallContentsTest {

  private static SharedDatabase mariaDb;

  @BeforeAll
  static void start() throws Exception {
    mariaDb = SharedDatabase.on(SqlEngine.MARIADB);
  }

  @Override
  UnaryOperator<SqlStore> tables() {
    return embedded -> new ContentFixture.Twice(mariaDb.emptyTables());
  }
}
