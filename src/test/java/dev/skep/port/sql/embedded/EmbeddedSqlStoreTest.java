package dev.skep.port.sql.embedded;

import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.SqlStoreContract;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedSqlStoreTest extends SqlStoreContract {

  static final Migrations CONTRACT =
      new Migrations("db/contract/sqlite", List.of("V1__contract.sql"));

  @TempDir Path folder;

  private EmbeddedSqlStore store;

  @BeforeEach
  void open() {
    store = new EmbeddedSqlStore(() -> folder, CONTRACT);
    store.open();
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
    close();
    open();
  }
}
