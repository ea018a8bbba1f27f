package dev.skep.bench.ports;

import dev.skep.boot.CalledPorts;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Statement;
import dev.skep.port.sql.mysql.MySqlSqlConfig;
import dev.skep.port.sql.mysql.MySqlSqlStore;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mysqlclient.MySQLBuilder;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A workspace read, and changed as the domain changes one: its row is updated, which serialises
 * what else changes it, and an event is inserted. Each caller has a workspace of his own.
 */
final class SqlContest implements Contest {

  private static final int CALLERS = 16;
  private static final byte[] CHANGES = new byte[300];

  private enum Sql implements Statement {
    READ(
        "SELECT id, slug, name, owner_id, root_id, trash_id, seq, rights_epoch, quota, used,"
            + " revision, created_at FROM workspace WHERE id = ?"),
    UPDATE("UPDATE workspace SET seq = seq + 1 WHERE id = ?"),
    INSERT(
        "INSERT INTO outbox (workspace_id, seq, tx_id, at, actor_id, request_id, changes)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)"),
    MAKE(
        "INSERT INTO workspace (id, slug, name, owner_id, root_id, trash_id, seq, rights_epoch,"
            + " quota, used, revision, created_at) VALUES (?, ?, ?, ?, ?, ?, 0, 0, -1, 0, 1, 0)");

    private final String text;

    Sql(String text) {
      this.text = text;
    }

    @Override
    public String sql() {
      return text;
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final MySqlSqlStore driver;
  private final SqlStore store;
  private final Pool asTheDriver;
  private final Pool asItComes;
  private final List<UUID> workspaces = new ArrayList<>();

  /** No event has the number of another, whoever inserts it. */
  private final AtomicLong numbers = new AtomicLong();

  private SqlContest(Settings settings) {
    driver = new MySqlSqlStore(vertx, settings.as(MySqlSqlConfig.class));
    driver.open();
    store = CalledPorts.of("sql", SqlStore.class, driver);
    asTheDriver = pool(settings, true);
    asItComes = pool(settings, false);
    for (int i = 0; i < CALLERS; i++) {
      workspaces.add(make("bench-" + i));
    }
  }

  static Contest open(Settings settings) {
    return new SqlContest(settings);
  }

  private UUID make(String slug) {
    UUID id = UUID.randomUUID();
    store.write(tx -> tx.update(Sql.MAKE, id, slug, slug, id, id, id));
    return id;
  }

  /**
   * @param asTheDriver with the transactions and the time limits that the driver gives a connection
   *     once, when it is made
   */
  private Pool pool(Settings settings, boolean asTheDriver) {
    String[] address = settings.value("skep.sql.mysql.endpoints").split(":");
    MySQLConnectOptions options = new MySQLConnectOptions();
    options
        .setHost(address[0])
        .setPort(Integer.parseInt(address[1]))
        .setDatabase(settings.value("skep.sql.mysql.database"))
        .setUser(settings.value("skep.sql.mysql.user"))
        .setPassword(settings.value("skep.sql.mysql.password"))
        .setCachePreparedStatements(true);
    var builder =
        MySQLBuilder.pool()
            .with(new PoolOptions().setMaxSize(CALLERS))
            .connectingTo(options)
            .using(vertx);
    if (asTheDriver) {
      builder.withConnectHandler(
          made ->
              made.query(
                      "SET autocommit = 0, max_statement_time = 4, innodb_lock_wait_timeout = 3,"
                          + " idle_transaction_timeout = 10")
                  .execute()
                  .onComplete(done -> made.close()));
    }
    return builder.build();
  }

  @Override
  public List<Comparison> comparisons() {
    return List.of(reads(1), reads(CALLERS), writes(1), writes(CALLERS));
  }

  private Comparison reads(int callers) {
    return Comparison.together(
        callers,
        "read one row",
        caller -> {
          UUID id = workspaces.get(caller);
          long seq = store.read(tx -> tx.one(Sql.READ, id).orElseThrow().number("seq"));
          require(seq >= 0);
        },
        Peer.equal("its SELECT in a transaction, undone afterwards", this::readInTransaction),
        Peer.informing("its SELECT alone", this::readAlone));
  }

  private Comparison writes(int callers) {
    return Comparison.together(
        callers,
        "write: UPDATE, INSERT, COMMIT",
        caller -> {
          UUID id = workspaces.get(caller);
          long number = numbers.incrementAndGet();
          UUID txId = new UUID(number, number);
          store.write(
              tx -> {
                tx.update(Sql.UPDATE, id);
                return tx.update(Sql.INSERT, id, number, txId, number, txId, "bench", CHANGES);
              });
        },
        Peer.equal("the same three, one awaited after the other", this::writeStepwise),
        Peer.informing("withTransaction, awaited once", this::writeComposed));
  }

  private void readInTransaction(int caller) throws Exception {
    SqlConnection connection = Wait.of(asTheDriver.getConnection());
    try {
      require(read(connection, caller) >= 0);
    } finally {
      // As in the driver nobody waits for it, but the connection.
      connection.query("ROLLBACK").execute().onComplete(undone -> connection.close());
    }
  }

  private void readAlone(int caller) throws Exception {
    Tuple parameters = Tuple.of(bytes(workspaces.get(caller)));
    Iterator<Row> rows =
        Wait.of(asItComes.preparedQuery(Sql.READ.text).execute(parameters)).iterator();
    require(rows.next().getLong("seq") >= 0);
  }

  private long read(SqlConnection connection, int caller) throws Exception {
    Tuple parameters = Tuple.of(bytes(workspaces.get(caller)));
    Iterator<Row> rows =
        Wait.of(connection.preparedQuery(Sql.READ.text).execute(parameters)).iterator();
    return rows.next().getLong("seq");
  }

  private void writeStepwise(int caller) throws Exception {
    SqlConnection connection = Wait.of(asTheDriver.getConnection());
    try {
      var updated = Wait.of(connection.preparedQuery(Sql.UPDATE.text).execute(workspace(caller)));
      var inserted = Wait.of(connection.preparedQuery(Sql.INSERT.text).execute(event(caller)));
      Wait.of(connection.query("COMMIT").execute());
      require(updated.rowCount() == 1 && inserted.rowCount() == 1);
    } finally {
      connection.close();
    }
  }

  private void writeComposed(int caller) throws Exception {
    var inserted =
        Wait.of(
            asItComes.withTransaction(
                connection ->
                    connection
                        .preparedQuery(Sql.UPDATE.text)
                        .execute(workspace(caller))
                        .compose(
                            updated ->
                                connection.preparedQuery(Sql.INSERT.text).execute(event(caller)))));
    require(inserted.rowCount() == 1);
  }

  private Tuple workspace(int caller) {
    return Tuple.of(bytes(workspaces.get(caller)));
  }

  private Tuple event(int caller) {
    long number = numbers.incrementAndGet();
    Buffer txId = bytes(new UUID(number, number));
    return Tuple.tuple()
        .addBuffer(bytes(workspaces.get(caller)))
        .addLong(number)
        .addBuffer(txId)
        .addLong(number)
        .addBuffer(txId)
        .addString("bench")
        .addBuffer(Buffer.buffer(CHANGES));
  }

  private static Buffer bytes(UUID id) {
    return Buffer.buffer(
        ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array());
  }

  private static void require(boolean right) throws IOException {
    if (!right) {
      throw new IOException("the database answered something else");
    }
  }

  @Override
  public void close() throws Exception {
    driver.close();
    Wait.of(asTheDriver.close());
    Wait.of(asItComes.close());
    Wait.of(vertx.close());
  }
}
