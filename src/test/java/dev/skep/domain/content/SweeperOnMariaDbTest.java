package dev.skep.domain.content;

import dev.skep.port.objects.ObjectStore;
import dev.skep.testkit.SharedDatabase;
import dev.skep.testkit.SqlEngine;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same on MariaDB. */
@Tag("server")
class SweeperOnMariaDbTest extends SweeperTest {

  private static SharedDatabase mariaDb;

  @BeforeAll
  static void start() throws Exception {
    mariaDb = SharedDatabase.on(SqlEngine.MARIADB);
  }

  @Override
  ContentFixture fixture(Path empty, UnaryOperator<ObjectStore> around) {
    return new ContentFixture(
        empty, around, embedded -> new ContentFixture.Twice(mariaDb.emptyTables()));
  }
}
