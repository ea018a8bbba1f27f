package dev.skep.domain.content;

import dev.skep.port.sql.SqlStore;
import dev.skep.testkit.MariaDb;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same on MariaDB. */
@Tag("server")
class SmallContentsOnMariaDbTest extends SmallContentsTest {

  private static MariaDb mariaDb;

  @BeforeAll
  static void start() throws Exception {
    mariaDb = MariaDb.shared();
  }

  @Override
  UnaryOperator<SqlStore> tables() {
    return embedded -> new ContentFixture.Twice(mariaDb.emptyTables());
  }
}
