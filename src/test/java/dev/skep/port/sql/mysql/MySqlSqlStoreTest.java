package dev.skep.port.sql.mysql;

import dev.skep.port.sql.SchemaSteps;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.SqlStoreContract;
import dev.skep.testkit.SqlEngine;
import dev.skep.testkit.SqlServer;
import io.vertx.core.Vertx;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MySqlSqlStoreTest extends SqlStoreContract {

  static final SchemaSteps CONTRACT =
      new SchemaSteps("db/contract/mysql", List.of("V1__contract.sql"));

  private Vertx vertx;
  private SqlServer server;
  private SqlServer.Database database;

  private MySqlSqlStore store;

  /** The product that all this is tried on. */
  SqlEngine engine() {
    return SqlEngine.MARIADB;
  }

  @BeforeAll
  void start() throws Exception {
    vertx = Vertx.vertx();
    server = engine().start();
    System.out.println("[server] sql mysql " + server.version());
    database = server.newDatabase();
  }

  @AfterAll
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    restart();
    database.run("DELETE FROM counter", "DELETE FROM entry");
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
    if (store != null) {
      store.close();
    }
    store = new MySqlSqlStore(vertx, database.settings(), CONTRACT);
    store.open();
  }
}
