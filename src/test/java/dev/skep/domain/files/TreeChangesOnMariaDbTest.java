package dev.skep.domain.files;

import dev.skep.testkit.Drive;
import dev.skep.testkit.SharedDatabase;
import dev.skep.testkit.SqlEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same on MariaDB. */
@Tag("server")
class TreeChangesOnMariaDbTest extends TreeChangesTest {

  private static SharedDatabase mariaDb;

  @BeforeAll
  static void start() throws Exception {
    mariaDb = SharedDatabase.on(SqlEngine.MARIADB);
  }

  @Override
  Drive drive(Path empty) {
    return mariaDb.repeatingDrive(empty);
  }
}
