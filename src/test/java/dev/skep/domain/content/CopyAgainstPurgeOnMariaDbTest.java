package dev.skep.domain.content;

import dev.skep.port.objects.ObjectStore;
import dev.skep.testkit.SharedDatabase;
import dev.skep.testkit.SqlEngine;
import dev.skep.testkit.tier.Tier;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same on MariaDB, where the two transactions overlap. */
@Tag("server")
class CopyAgainstPurgeOnMariaDbTest extends CopyAgainstPurgeTest {

  private static SharedDatabase mariaDb;

  @BeforeAll
  static void start() throws Exception {
    mariaDb = SharedDatabase.on(SqlEngine.MARIADB);
  }

  @Override
  int races() {
    return Tier.count(2_000, 10_000);
  }

  @Override
  ContentFixture fixture(Path empty, UnaryOperator<ObjectStore> around, int small) {
    return new ContentFixture(empty, around, embedded -> mariaDb.emptyTables(), small);
  }
}
