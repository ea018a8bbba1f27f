package dev.skep.domain.files;

import dev.skep.testkit.Drive;
import dev.skep.testkit.SharedDatabase;
import dev.skep.testkit.SqlEngine;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same on MariaDB, where transactions really overlap. */
@Tag("server")
class TreeRaceOnMariaDbTest extends TreeRaceTest {

  private static SharedDatabase mariaDb;

  @BeforeAll
  static void start() throws Exception {
    mariaDb = SharedDatabase.on(SqlEngine.MARIADB);
  }

  @Override
  Drive drive(Path empty, InstantSource clock) {
    return mariaDb.drive(empty, clock);
  }
}
