package dev.skep.domain.files;

import dev.skep.testkit.Drive;
import dev.skep.testkit.SharedDatabase;
import dev.skep.testkit.SqlEngine;
import dev.skep.testkit.tier.OnlyInSoak;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same on MySQL, where transactions really overlap. */
@Tag("server")
@OnlyInSoak
class TreeRaceOnMySqlTest extends TreeRaceTest {

  private static SharedDatabase mySql;

  @BeforeAll
  static void start() throws Exception {
    mySql = SharedDatabase.on(SqlEngine.MYSQL);
  }

  @Override
  Drive drive(Path empty, InstantSource clock) {
    return mySql.drive(empty, clock);
  }
}
