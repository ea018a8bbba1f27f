package dev.skep.domain.content;

import dev.skep.testkit.SharedDatabase;
import dev.skep.testkit.SqlEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same on MariaDB. */
@Tag("server")
class ContentsOnMariaDbTest extends ContentsTest {

  private static SharedDatabase mariaDb;

  @BeforeAll
  static void start() throws Exception {
    mariaDb = SharedDatabase.on(SqlEngine.MARIADB);
  }

  @Override
  ContentFixture fixture(Path empty) {
    return new ContentFixture(
        empty, objects -> objects, embedded -> new ContentFixture.Twice(mariaDb.emptyTables()));
  }
}
