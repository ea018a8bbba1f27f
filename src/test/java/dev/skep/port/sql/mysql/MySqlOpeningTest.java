package dev.skep.port.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import dev.skep.port.sql.SchemaSteps;
import dev.skep.testkit.MySqlSettings;
import dev.skep.testkit.Race;
import dev.skep.testkit.SqlEngine;
import dev.skep.testkit.SqlServer;
import dev.skep.testkit.server.TcpProxy;
import dev.skep.testkit.tier.Tier;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens before the first transaction: settings, the server, the schema. */
@Tag("server")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("P18")
class MySqlOpeningTest {

  private static final String PREFIX = "skep.sql.mysql.";
  private static final String SECRET = "a secret word";

  private static Vertx vertx;
  private SqlServer server;

  private SqlServer.Database database;
  private String name;
  private final List<MySqlSqlStore> stores = new ArrayList<>();

  /** The product that all this is tried on. */
  SqlEngine engine() {
    return SqlEngine.MARIADB;
  }

  @BeforeAll
  void start() throws Exception {
    vertx = Vertx.vertx();
    server = engine().start();
    System.out.println("[server] sql mysql " + server.version());
  }

  @AfterAll
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void newDatabase() throws Exception {
    database = server.newDatabase();
    name = database.settings().database();
  }

  @AfterEach
  void close() {
    stores.forEach(MySqlSqlStore::close);
    stores.clear();
  }

  @Test
  void aWrongPasswordNamesItsKey() throws Exception {
    database.run("DROP USER IF EXISTS sam@'%'", "CREATE USER sam@'%' IDENTIFIED BY 'another'");
    CannotOpen refusal = refused(database.settings().as("sam", SECRET), "password");
    assertThat(refusal.line()).contains("sam");
  }

  /** MySQL hides who is unknown behind a way to sign in that it makes up, perhaps not ours. */
  @Test
  void anUnknownAccountIsToldByEitherKey() {
    for (String who : List.of("nobody", "no one", "stranger", "guest", "ghost", "unknown")) {
      MySqlSqlStore store = store(database.settings().as(who, SECRET));
      CannotOpen refusal = catchThrowableOfType(CannotOpen.class, store::open);
      assertThat(refusal).isNotNull();
      assertThat(refusal.key()).isIn(PREFIX + "password", PREFIX + "user");
      assertThat(refusal.line()).contains(who).doesNotContain(SECRET);
    }
  }

  @Test
  void anUnknownDatabaseNamesItsKeyAndHowToMakeIt() {
    CannotOpen refusal = refused(database.settings().in("skep_nowhere"), "database");
    assertThat(refusal.line()).contains("CREATE DATABASE skep_nowhere");
  }

  @Test
  void aMissingRightNamesItsKey() throws Exception {
    database.run(
        "DROP USER IF EXISTS kim@'%'", "CREATE USER kim@'%' IDENTIFIED BY '" + SECRET + "'");
    MySqlSettings kim = database.settings().as("kim", SECRET);
    refused(kim, "database");
    database.run("GRANT SELECT, INSERT, UPDATE, DELETE ON " + name + ".* TO kim@'%'");
    refused(kim, "user");
    opened(database.settings());
    opened(kim);
    database.run("REVOKE DELETE ON " + name + ".* FROM kim@'%'");
    assertThat(refused(kim, "user").line()).contains("DELETE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host:", "host:0", "host:65536", "a,,b", "u:secret@host", "::1"})
  void aListOfEndpointsThatIsNoneIsRefusedWithoutRepeatingIt(String endpoints) {
    CannotOpen refusal = refused(database.settings().at(endpoints), "endpoints");
    assertThat(refusal.line()).doesNotContain("secret");
    assertThat(store(database.settings().at(endpoints)).target()).doesNotContain("secret");
  }

  @Test
  void theServerAndTheTargetAreTold() throws Exception {
    MySqlSqlStore store = opened(database.settings());
    assertThat(store.serverVersion()).isEqualTo(server.version());
    assertThat(store.target()).endsWith("@" + database.settings().endpoints() + "/" + name);
  }

  @Test
  void endpointsHaveAPortOrNone() {
    assertThat(Endpoint.listOf("db, db2:3307 ,[::1]:3308,[fe80::1],10.0.0.1"))
        .extracting(Endpoint::toString)
        .containsExactly("db:3306", "db2:3307", "[::1]:3308", "[fe80::1]:3306", "10.0.0.1:3306");
  }

  @Test
  void limitsThatBreakThePromisesOfThePortAreRefused() {
    MySqlSettings settings = database.settings();
    refused(settings.with(Duration.ofSeconds(3), Duration.ofSeconds(5)), "statement-timeout");
    refused(settings.with(Duration.ofSeconds(3), Duration.ofMillis(2500)), "statement-timeout");
    refused(settings.with(Duration.ZERO, Duration.ofSeconds(4)), "connect-timeout");
    refused(settings.with(0), "connections");
  }

  @Test
  void anUnreachableServerMayBeThereLater() throws Exception {
    try (TcpProxy proxy = proxy()) {
      proxy.cut();
      MySqlSqlStore store = store(database.settings().at("127.0.0.1:" + proxy.port()));
      unavailable(store);
      proxy.mend();
      proxy.silence();
      long start = System.nanoTime();
      unavailable(store);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      assertThat(proxy.connections()).as("what was given up is closed").isLessThanOrEqualTo(1);
      proxy.mend();
      store.open();
      stores.add(store);
      store.check();
    }
    unavailable(store(database.settings().at("no-such-host.invalid")));
  }

  @Test
  void theNextEndpointIsUsedWhereTheFirstFails() throws Exception {
    String good = database.settings().endpoints();
    opened(database.settings().at("127.0.0.1:1," + good)).check();
  }

  @Test
  void aSchemaOfANewerVersionIsRefused() throws Exception {
    opened(database.settings());
    database.run("UPDATE flyway_schema_history SET version = '99' WHERE version = '1'");
    assertThat(refused(database.settings(), "database").line()).contains("newer");
  }

  @Test
  void aDatabaseOfSomethingElseIsRefusedAndLeftAlone() throws Exception {
    database.run("CREATE TABLE account (id INTEGER)");
    assertThat(refused(database.settings(), "database").line()).contains("something else");
    assertThat(
            database.value(
                "SELECT count(*) FROM information_schema.columns WHERE table_schema = DATABASE()"
                    + " AND table_name = 'account'"))
        .isEqualTo("1");
    assertThat(tables()).containsExactlyInAnyOrder("account", "skep_schema_lock");
  }

  @Test
  void tenReplicasStartAtOnceOnAnEmptyDatabase() throws Exception {
    Race.of(
        10,
        replica ->
            () -> {
              MySqlSqlStore store = store(database.settings());
              openLikeBoot(store);
              synchronized (stores) {
                stores.add(store);
              }
              return store.<Long>read(
                  tx -> tx.one(new Sql("SELECT seq FROM identities")).orElseThrow().number("seq"));
            });
    assertThat(
            database.value(
                "SELECT count(*) FROM flyway_schema_history WHERE version = '1' AND success = 1"))
        .isEqualTo("1");
    assertThat(database.value("SELECT count(*) FROM identities")).isEqualTo("1");
  }

  /** How many migrations are killed. */
  int kills() {
    return Tier.count(12, 40);
  }

  @Test
  void aMigrationWhoseConnectionIsKilledAtAnyMomentIsDoneTheNextTime() throws Exception {
    List<String> whole = tablesOf(database.settings());
    int failed = 0;
    for (int round = 0; round < kills(); round++) {
      newDatabase();
      // From the first step to the last but one, as many as there are kills.
      int tables = 3 + round * (whole.size() - 4) / kills();
      Thread killer = Thread.ofVirtual().start(() -> killTheMigration(tables));
      MySqlSqlStore store = store(database.settings());
      try {
        store.open();
        stores.add(store);
      } catch (SkepException e) {
        failed++;
      }
      killer.join();
      assertThat(tablesOf(database.settings())).isEqualTo(whole);
    }
    System.out.println("migrations killed in the middle: " + failed + " of " + kills());
    assertThat(failed).isPositive();
  }

  @Test
  void aStepThatFailedOnceIsTriedAgain() throws Exception {
    SchemaSteps broken = new SchemaSteps("db/contract/mysql-broken", List.of("V1__contract.sql"));
    assertThat(
            catchThrowableOfType(
                    CannotOpen.class,
                    () -> new MySqlSqlStore(vertx, database.settings(), broken).open())
                .key())
        .isEqualTo(PREFIX + "database");
    MySqlSqlStore mended =
        new MySqlSqlStore(vertx, database.settings(), MySqlSqlStoreTest.CONTRACT);
    mended.open();
    stores.add(mended);
    assertThat(tables()).contains("counter", "entry");
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aStepWhoseConnectionIsInABlackHoleDoesNotKeepTheLock() throws Exception {
    try (TcpProxy proxy = proxy()) {
      proxy.holdFrom("CREATE TABLE IF NOT EXISTS counter");
      long start = System.nanoTime();
      unavailable(
          new MySqlSqlStore(
              vertx,
              database.settings().at("127.0.0.1:" + proxy.port()),
              MySqlSqlStoreTest.CONTRACT));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
      MySqlSqlStore next =
          new MySqlSqlStore(vertx, database.settings(), MySqlSqlStoreTest.CONTRACT);
      next.open();
      stores.add(next);
      assertThat(tables()).contains("counter", "entry");
    }
  }

  @Test
  void whoeverWaitsForTheLockOfAKilledReplicaGetsItWhenItsLeaseIsOver() throws Exception {
    database.run(
        "CREATE TABLE skep_schema_lock (one INTEGER NOT NULL PRIMARY KEY, holder BINARY(16) NOT"
            + " NULL, held_until BIGINT NOT NULL)",
        "INSERT INTO skep_schema_lock VALUES (1, 7, CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS"
            + " SIGNED) + 3000000)");
    long start = System.nanoTime();
    opened(database.settings());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(2));
  }

  @Test
  void theListOfMigrationsIsTheFolderOfTheArtefact() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/mysql"))) {
      assertThat(files.map(each -> each.getFileName().toString()).sorted())
          .containsExactlyElementsOf(MySqlSqlStore.DRIVE.files());
    }
  }

  @Test
  void everyStatementOfEveryStepDoesNothingASecondTime() throws Exception {
    List<String> whole = tablesOf(database.settings());
    for (String file : MySqlSqlStore.DRIVE.files()) {
      database.run(Step.statements(MySqlSqlStore.DRIVE.text(file)).toArray(String[]::new));
    }
    assertThat(tables()).isEqualTo(whole);
    assertThat(database.value("SELECT count(*) FROM identities")).isEqualTo("1");
  }

  @Test
  void aConnectionIsOursWhateverTheServersDefaultsAre() {
    var row =
        opened(database.settings())
            .<dev.skep.port.sql.Row>read(
                tx ->
                    tx.one(
                            new Sql(
                                "SELECT @@autocommit AS autocommit, @@sql_mode AS mode,"
                                    + " @@time_zone AS zone, @@collation_connection AS collation,"
                                    + " @@innodb_lock_wait_timeout AS locks, 'a' = 'a ' AS padded,"
                                    + " 'a' = 'A' AS folded"))
                        .orElseThrow());
    assertThat(row.number("autocommit")).isZero();
    assertThat(row.text("mode")).contains("STRICT_ALL_TABLES");
    assertThat(row.text("zone")).isEqualTo("+00:00");
    assertThat(row.number("locks")).isEqualTo(3);
    assertThat(row.flag("padded")).isFalse();
    assertThat(row.flag("folded")).isFalse();
  }

  @Test
  void aServerThatIsReadOnlyIsNotUsed() throws Exception {
    try (SqlServer replica = engine().startOwn("--read-only")) {
      MySqlSettings there = replica.newDatabase().settings();
      unavailable(store(there));
      String both = there.endpoints() + "," + database.settings().endpoints();
      opened(database.settings().at(both)).check();
    }
  }

  @Test
  void aServerThatIsTooOldIsToldByItsVersion() {
    assertThat(mariaDb("10.5.29-MariaDB-1:10.5").isTooOld()).isTrue();
    assertThat(mariaDb("10.6.0-MariaDB-log").isTooOld()).isFalse();
    assertThat(mariaDb("11.4.5-MariaDB").isTooOld()).isFalse();
    assertThat(mariaDb("8.0.21").isTooOld()).isTrue();
    assertThat(mariaDb("8.0.22-debug").isTooOld()).isFalse();
    assertThat(mariaDb("9.1.0").isTooOld()).isFalse();
    assertThat(mariaDb("5.7.44-log").name()).isEqualTo("MySQL 5.7.44");
  }

  @Test
  void whatAnAcknowledgementWouldNotSurviveIsDoubted() {
    assertThat(server(Map.of()).doubts()).isEmpty();
    assertThat(server(Map.of("innodb_flush_log_at_trx_commit", "2")).doubts())
        .singleElement()
        .asString()
        .contains("innodb_flush_log_at_trx_commit");
    assertThat(server(Map.of("log_bin", "ON", "sync_binlog", "0")).doubts()).hasSize(1);
    assertThat(server(Map.of("log_bin", "ON", "sync_binlog", "1")).doubts()).isEmpty();
    assertThat(server(Map.of("innodb_doublewrite", "OFF")).doubts()).hasSize(1);
  }

  private static Server mariaDb(String version) {
    return new Server(Map.of("version", version));
  }

  private static Server server(Map<String, String> others) {
    Map<String, String> variables =
        new java.util.HashMap<>(
            Map.of(
                "version",
                "10.11.14-MariaDB",
                "innodb_flush_log_at_trx_commit",
                "1",
                "innodb_doublewrite",
                "ON",
                "log_bin",
                "OFF"));
    variables.putAll(others);
    return new Server(variables);
  }

  /** Kills the connection that makes tables, once so many are there. */
  private void killTheMigration(int tables) {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      String first =
          "SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE()";
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (System.nanoTime() < end) {
        try (var found = statement.executeQuery(first)) {
          found.next();
          if (found.getInt(1) >= tables) {
            break;
          }
        }
      }
      statement.execute(
          "KILL CONNECTION "
              + database.value(
                  "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id NOT"
                      + " IN (CONNECTION_ID(), "
                      + number(statement)
                      + ") ORDER BY id DESC LIMIT 1"));
    } catch (Exception e) {
      // the migration was faster
    }
  }

  private static long number(java.sql.Statement statement) throws Exception {
    try (var found = statement.executeQuery("SELECT CONNECTION_ID()")) {
      found.next();
      return found.getLong(1);
    }
  }

  private List<String> tablesOf(MySqlSettings settings) throws Exception {
    opened(settings);
    return tables();
  }

  private List<String> tables() throws Exception {
    String all =
        database.value(
            "SELECT group_concat(table_name ORDER BY table_name) FROM information_schema.tables"
                + " WHERE table_schema = DATABASE()");
    return List.of(all.split(","));
  }

  private TcpProxy proxy() throws Exception {
    String[] address = server.newDatabase().settings().endpoints().split(":");
    return TcpProxy.to(address[0], Integer.parseInt(address[1]));
  }

  private MySqlSqlStore opened(MySqlSettings settings) {
    MySqlSqlStore store = store(settings);
    stores.add(store);
    openLikeBoot(store);
    return store;
  }

  private static void openLikeBoot(MySqlSqlStore store) {
    for (int attempt = 0; ; attempt++) {
      try {
        store.open();
        return;
      } catch (SkepException e) {
        if (attempt == 5) {
          throw e;
        }
      }
    }
  }

  private static MySqlSqlStore store(MySqlSettings settings) {
    return new MySqlSqlStore(vertx, settings);
  }

  private static void unavailable(MySqlSqlStore store) {
    assertThatThrownBy(store::open)
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
  }

  private static CannotOpen refused(MySqlSettings settings, String key) {
    CannotOpen refusal = catchThrowableOfType(CannotOpen.class, store(settings)::open);
    assertThat(refusal).as("%s is named", key).isNotNull();
    assertThat(refusal.key()).isEqualTo(PREFIX + key);
    assertThat(refusal.line()).doesNotContain(SECRET);
    return refusal;
  }
}
