package dev.skep.port.sql.mysql;

import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.SqlStoreContract;
import dev.skep.testkit.JdbcSqlStore;
import dev.skep.testkit.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** The same contract on a real MariaDB, which shows that it is not SQLite's own. */
@Tag("server")
class MariaDbSqlStoreTest extends SqlStoreContract {

  private static MariaDbServer server;

  private String url;
  private JdbcSqlStore store;

  @BeforeAll
  static void start() throws Exception {
    server = MariaDbServer.start();
    System.out.println("[server] sql mysql " + server.version() + ", by JDBC");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void open() throws Exception {
    url = server.newDatabase();
    store = new JdbcSqlStore(url).migrate("db/contract/mysql");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected SqlStore store() {
    return store;
  }

  @Override
  protected void restart() {
    store.close();
    store = new JdbcSqlStore(url);
  }
}
