package dev.skep.domain.files;

import dev.skep.port.sql.SqlStore;
import dev.skep.testkit.Drive;
import dev.skep.testkit.SharedDatabase;
import dev.skep.testkit.SqlEngine;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same on MariaDB. */
@Tag("server")
class TrashCostOnMariaDbTest extends TrashCostTest {

  private static SharedDatabase mariaDb;

  @BeforeAll
  static void start() throws Exception {
    mariaDb = SharedDatabase.on(SqlEngine.MARIADB);
  }

  @Override
  Drive drive(Path empty, UnaryOperator<SqlStore> around) {
    return mariaDb.drive(empty, around);
  }
}
