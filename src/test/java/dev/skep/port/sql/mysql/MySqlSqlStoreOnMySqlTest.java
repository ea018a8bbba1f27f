package dev.skep.port.sql.mysql;

import dev.skep.testkit.SqlEngine;
import org.junit.jupiter.api.Tag;

/**
 * The contract once more on MySQL, by an account that signs in by caching_sha2_password without
 * TLS.
 */
@Tag("server")
class MySqlSqlStoreOnMySqlTest extends MySqlSqlStoreTest {

  @Override
  SqlEngine engine() {
    return SqlEngine.MYSQL;
  }
}
