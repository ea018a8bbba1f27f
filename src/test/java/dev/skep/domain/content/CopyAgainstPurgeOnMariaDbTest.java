package dev.skep.domain.content;

import dev.skep.port.objects.ObjectStore;
import dev.skep.testkit.MariaDb;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same on MariaDB, where the two transactions overlap. */
@Tag("server")
class CopyAgainstPurgeOnMariaDbTest extends CopyAgainstPurgeTest {

  private static MariaDb mariaDb;

  @BeforeAll
  static void start() throws Exception {
    mariaDb = MariaDb.shared();
  }

  @Override
  ContentFixture fixture(Path empty, UnaryOperator<ObjectStore> around, int small) {
    return new ContentFixture(empty, around, embedded -> mariaDb.emptyTables(), small);
  }
}
