package dev.skep.port.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.UnknownOutcomeException;
import dev.skep.port.sql.Tx;
import dev.skep.testkit.Eventually;
import dev.skep.testkit.MySqlSettings;
import dev.skep.testkit.Race;
import dev.skep.testkit.SeenLog;
import dev.skep.testkit.SqlEngine;
import dev.skep.testkit.SqlServer;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The faults of a server on MariaDB; and those of the line and of callers, and what both products
 * tell by the same number, which need one of them only.
 */
class MySqlFaultsTest extends ServerFaults {

  @Override
  SqlEngine engine() {
    return SqlEngine.MARIADB;
  }

  @Test
  void connectionsThatDiedUnusedAreNotNoticed() throws Exception {
    for (int round = 0; round < 20; round++) {
      Race.of(8, thread -> () -> value("a"));
      proxy.reset();
      countUp("a");
      assertThat(value("a")).isEqualTo(round + 2);
    }
  }

  @Test
  void aBlackHoleEndsEachCallWithinItsLimit() throws Exception {
    proxy.silence();
    List<Duration> took =
        Race.of(
            20,
            thread ->
                () -> {
                  long start = System.nanoTime();
                  unavailable(() -> call(thread));
                  return Duration.ofNanos(System.nanoTime() - start);
                });
    assertThat(took).allSatisfy(each -> assertThat(each).isLessThan(Duration.ofSeconds(7)));
    proxy.mend();
    assertThat(value("a")).isEqualTo(1);
    countUp("a");
    store.check();
    assertThat(value("a")).isEqualTo(2);
  }

  @Test
  void aCommitWhoseAnswerIsLostIsUnknownAndHappened() throws Exception {
    unknown(
        () ->
            store.write(
                tx -> {
                  int count = tx.update(COUNT_UP, "a");
                  proxy.loseAnswers();
                  return count;
                }));
    proxy.mend();
    assertThat(value("a")).isEqualTo(2);
  }

  @Test
  void aCommitThatDoesNotArriveIsUnknownAndDidNotHappen() throws Exception {
    unknown(
        () ->
            store.write(
                tx -> {
                  int count = tx.update(COUNT_UP, "a");
                  proxy.silence();
                  return count;
                }));
    proxy.mend();
    assertThat(value("a")).isEqualTo(1);
  }

  @Test
  void aLostCommitOfNothingIsNoUnknownOutcome() {
    unavailable(
        () ->
            store.write(
                tx -> {
                  int count = tx.update(COUNT_UP, "nobody");
                  proxy.cut();
                  return count;
                }));
    proxy.mend();
  }

  @Test
  void whoeverGetsNoConnectionIsToldInTime() throws Exception {
    try (MySqlStoreHandle small = new MySqlStoreHandle(opened(database.settings().with(1)))) {
      CountDownLatch running = new CountDownLatch(1);
      CountDownLatch over = new CountDownLatch(1);
      Thread holder =
          Thread.ofVirtual()
              .start(
                  () ->
                      small
                          .store()
                          .read(
                              tx -> {
                                running.countDown();
                                await(over);
                                return 0;
                              }));
      await(running);
      long start = System.nanoTime();
      unavailable(() -> small.store().read(tx -> 1));
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(4900), Duration.ofSeconds(6));
      over.countDown();
      holder.join();
      assertThat(small.store().<Integer>read(tx -> 1)).isEqualTo(1);
    }
  }

  @Test
  void aServerThatBecomesReadOnlyIsLeftForTheNext() throws Exception {
    SqlServer second = engine().startOwn();
    try {
      SqlServer.Database twin = twinOf(database, second);
      String both = database.settings().endpoints() + "," + twin.settings().endpoints();
      try (MySqlStoreHandle app =
          new MySqlStoreHandle(opened(database.settings().at(both).as("app", "word")))) {
        app.store().write(tx -> tx.update(COUNT_UP, "a"));
        database.run("SET GLOBAL read_only = 1");
        app.store().write(tx -> tx.update(COUNT_UP, "a"));
        assertThat(twin.value("SELECT value FROM counter WHERE name = 'a'")).isEqualTo("101");
      }
      assertThat(value("a")).isEqualTo(2);
    } finally {
      database.run("SET GLOBAL read_only = 0");
      second.close();
    }
  }

  @Test
  void aServerWithoutQuorumIsLeftForTheNextAndSaysSoOnce() throws Exception {
    try (QuorumLoss first = QuorumLoss.before(database.settings().endpoints());
        MySqlStoreHandle app =
            new MySqlStoreHandle(
                opened(
                    database
                        .settings()
                        .at(first.endpoint() + "," + database.settings().endpoints())));
        SeenLog log = new SeenLog()) {
      Race.of(8, thread -> () -> app.store().read(MySqlFaultsTest::rest));
      assertThat(first.connections()).as("idle sessions").isGreaterThanOrEqualTo(8);

      first.lose();
      Race.of(8, thread -> () -> app.store().write(tx -> tx.update(COUNT_UP, "a")));

      assertThat(value("a")).isEqualTo(9);
      eventually(() -> first.connections() == 0);
      assertThat(log.with("does not serve")).hasSize(1);
      assertThat(log.with("Uncaught exception")).isEmpty();
    }
  }

  @Test
  void aServerWithoutQuorumIsPassedOverAtTheStart() throws Exception {
    try (QuorumLoss first = QuorumLoss.before(database.settings().endpoints())) {
      first.lose();
      String both = first.endpoint() + "," + database.settings().endpoints();
      try (MySqlStoreHandle app = new MySqlStoreHandle(opened(database.settings().at(both)))) {
        app.store().write(tx -> tx.update(COUNT_UP, "a"));
        assertThat(value("a")).isEqualTo(2);
      }
    }
  }

  @Test
  void withoutAQuorumAnywhereEachCallIsRefusedAtOnceAndWorksWhenItIsBack() throws Exception {
    try (QuorumLoss only = QuorumLoss.before(database.settings().endpoints());
        MySqlStoreHandle app =
            new MySqlStoreHandle(opened(database.settings().at(only.endpoint())))) {
      only.lose();
      long start = System.nanoTime();
      unavailable(() -> app.store().read(tx -> tx.query(new Sql("SELECT name FROM counter"))));
      unavailable(() -> app.store().write(tx -> tx.update(COUNT_UP, "a")));
      unavailable(app.store()::check);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
      only.find();
      app.store().write(tx -> tx.update(COUNT_UP, "a"));
      assertThat(value("a")).isEqualTo(2);
    }
  }

  /** So that each of several threads needs a session of its own. */
  private static int rest(Tx tx) {
    tx.query(new Sql("SELECT SLEEP(0.3) AS slept"));
    return 0;
  }

  @Test
  void aReadOnlyServerIsLeftByAllIdleSessionsWithTheFirstRefusedWrite() throws Exception {
    try (SqlServer second = engine().startOwn()) {
      SqlServer.Database twin = twinOf(database, second);
      String both = database.settings().endpoints() + "," + twin.settings().endpoints();
      try (MySqlStoreHandle app =
              new MySqlStoreHandle(opened(database.settings().at(both).as("app", "word")));
          SeenLog log = new SeenLog()) {
        Race.of(8, thread -> () -> app.store().read(MySqlFaultsTest::rest));
        database.run("SET GLOBAL read_only = 1");

        app.store().write(tx -> tx.update(COUNT_UP, "a"));

        List<Long> seen =
            Race.of(8, thread -> () -> app.store().read(MySqlFaultsTest::restAndRead));
        assertThat(seen).as("what the first server knows is old").containsOnly(101L);
        assertThat(log.with("does not serve")).hasSize(1);
        assertThat(log.with("Uncaught exception")).isEmpty();
      }
    } finally {
      database.run("SET GLOBAL read_only = 0");
    }
  }

  private static long restAndRead(Tx tx) {
    rest(tx);
    return tx.one(new Sql("SELECT value FROM counter WHERE name = 'a'"))
        .orElseThrow()
        .number("value");
  }

  /** A server that did not answer in time is followed by the next, with one line in the log. */
  @Test
  void aFrozenServerIsLeftForTheNextAndSaysSoOnce() throws Exception {
    String both = "127.0.0.1:" + proxy.port() + "," + database.settings().endpoints();
    try (MySqlStoreHandle app = new MySqlStoreHandle(opened(database.settings().at(both)));
        SeenLog log = new SeenLog()) {
      Race.of(8, thread -> () -> app.store().read(MySqlFaultsTest::rest));
      proxy.silence();
      Race.of(8, thread -> () -> catchThrowable(() -> app.store().read(MySqlFaultsTest::rest)));
      long start = System.nanoTime();
      Race.of(8, thread -> () -> app.store().read(MySqlFaultsTest::rest));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
      assertThat(log.with("does not serve")).hasSize(1);
      Thread.sleep(4_000); // until the last attempt to connect is over
      assertThat(log.with("Uncaught exception")).isEmpty();
    }
    proxy.mend();
  }

  @Test
  void anAttemptToConnectThatHasNoTimeLeavesNoErrorInTheLog() throws Exception {
    Connector connector =
        new Connector(
            vertx,
            access(),
            Endpoint.listOf(database.settings().endpoints()),
            Limits.of(database.settings()));
    try (SeenLog log = new SeenLog()) {
      for (int i = 0; i < 200; i++) {
        Duration little = Duration.ofNanos(1 + i * 5_000L);
        catchThrowable(() -> connector.connect(Deadline.in(little)).close());
      }
      Thread.sleep(200);
      assertThat(log.with("Client is closed")).isEmpty();
    }
  }

  @Test
  void theKillOfAnAbandonedStatementNeverHitsAConnectionOfAnotherServer() throws Exception {
    try (SqlServer second = engine().startOwn()) {
      SqlServer.Database twin = twinOf(database, second);
      try (MySqlStoreHandle app =
          new MySqlStoreHandle(
              opened(database.settings().at("127.0.0.1:" + proxy.port()).with(1)))) {
        AtomicReference<@Nullable Throwable> caught = new AtomicReference<>();
        Thread reader =
            Thread.ofVirtual()
                .start(() -> caught.set(catchThrowable(() -> app.store().read(tx -> slept(tx)))));
        eventually(() -> !sleepers().isEmpty());
        long abandoned = Long.parseLong(sleepers());
        List<Connection> innocent = new ArrayList<>();
        long last = 0;
        while (last <= abandoned) {
          Connection each = twin.connect();
          last = id(each);
          if (last < abandoned) {
            each.close();
          } else {
            innocent.add(each);
          }
        }
        proxy.redirect(address(twin)[0], Integer.parseInt(address(twin)[1]));
        reader.interrupt();
        reader.join();
        Thread.sleep(1_000);
        for (Connection each : innocent) {
          assertThat(each.isValid(2)).as("an innocent connection").isTrue();
          each.close();
        }
      }
    }
  }

  private static Object slept(Tx tx) {
    return tx.query(new Sql("SELECT SLEEP(3.5) AS slept"));
  }

  private String sleepers() throws Exception {
    return String.valueOf(
            database.value(
                "SELECT coalesce(max(id), '') FROM information_schema.processlist WHERE info LIKE"
                    + " 'SELECT SLEEP%'"))
        .strip();
  }

  private static long id(Connection connection) throws Exception {
    try (var statement = connection.createStatement();
        var found = statement.executeQuery("SELECT CONNECTION_ID()")) {
      found.next();
      return found.getLong(1);
    }
  }

  private static String[] address(SqlServer.Database at) {
    return at.settings().endpoints().split(":");
  }

  /** The same database on another server, whose counter is far ahead, and an ordinary account. */
  private static SqlServer.Database twinOf(SqlServer.Database one, SqlServer other)
      throws Exception {
    MySqlSettings there = other.newDatabase().settings();
    SqlServer.Database twin = new SqlServer.Database(there.in(one.settings().database()));
    new SqlServer.Database(there).run("CREATE DATABASE IF NOT EXISTS " + one.settings().database());
    for (SqlServer.Database each : List.of(one, twin)) {
      each.run(
          "CREATE USER IF NOT EXISTS app@'%' IDENTIFIED BY 'word'",
          "GRANT ALL ON " + each.settings().database() + ".* TO app@'%'");
      opened(each.settings()).close();
    }
    twin.run("INSERT INTO counter (name, value) VALUES ('a', 100)");
    return twin;
  }

  @Test
  void aFunctionThatReturnsAfterItsTimeIsRolledBackAndSaysSo() {
    Transactions brief = transactions();
    unavailable(
        () ->
            brief.run(
                tx -> {
                  int count = tx.update(COUNT_UP, "a");
                  Eventually.pause(Duration.ofMillis(1_900));
                  return count;
                },
                true,
                Deadline.in(Duration.ofSeconds(2))));
    assertThat(value("a")).isEqualTo(1);
    countUp("a");
    assertThat(value("a")).isEqualTo(2);
  }

  @Test
  void anInterruptBeforeTheCommitIsToldAsNothingChanged() throws Exception {
    AtomicReference<@Nullable Throwable> caught = new AtomicReference<>();
    Thread.ofVirtual()
        .start(
            () ->
                caught.set(
                    catchThrowable(
                        () ->
                            store.write(
                                tx -> {
                                  int count = tx.update(COUNT_UP, "a");
                                  Thread.currentThread().interrupt();
                                  return count;
                                }))))
        .join();
    assertThat(caught.get()).isInstanceOf(SkepException.class);
    assertThat(caught.get()).isNotInstanceOf(UnknownOutcomeException.class);
    assertThat(value("a")).isEqualTo(1);
  }

  @Test
  void anInterruptDuringTheCommitIsAnUnknownOutcome() throws Exception {
    AtomicReference<@Nullable Throwable> caught = new AtomicReference<>();
    Thread writer =
        Thread.ofVirtual()
            .start(
                () ->
                    caught.set(
                        catchThrowable(
                            () ->
                                store.write(
                                    tx -> {
                                      int count = tx.update(COUNT_UP, "a");
                                      proxy.silence();
                                      return count;
                                    }))));
    Thread.sleep(1_000);
    writer.interrupt();
    writer.join();
    assertThat(caught.get()).isInstanceOf(UnknownOutcomeException.class);
    proxy.mend();
  }

  private Transactions transactions() {
    Limits limits = Limits.of(database.settings());
    Connector connector =
        new Connector(vertx, access(), Endpoint.listOf(database.settings().endpoints()), limits);
    return new Transactions(new Sessions(connector, limits, 2), limits);
  }

  private Connector.Access access() {
    return new Connector.Access(
        database.settings().database(),
        database.settings().user(),
        database.settings().password().orElse(""),
        false,
        null);
  }

  @Test
  void aFullServerIsToldAndNothingOfTheChangeIsThere() throws Exception {
    try (SqlServer full =
        engine()
            .startOwn(
                "--innodb-file-per-table=0",
                "--innodb-data-file-path=ibdata1:12M:autoextend:max:24M")) {
      Sql add = new Sql("INSERT INTO entry (id, name, data) VALUES (?, ?, ?)");
      Sql count = new Sql("SELECT count(*) AS n FROM entry");
      try (MySqlStoreHandle small = new MySqlStoreHandle(opened(full.newDatabase().settings()))) {
        SkepException told = null;
        int kept = 0;
        for (int i = 0; told == null && i < 300; i++) {
          try {
            small.store().write(tx -> addHundred(tx, add));
            kept += 100;
          } catch (SkepException e) {
            told = e;
          }
        }
        assertThat(told).isNotNull();
        assertThat(told.code()).isEqualTo(ErrorCode.NO_SPACE);
        long there = small.store().read(tx -> tx.one(count).orElseThrow().number("n"));
        assertThat(there).isEqualTo(kept);
      }
    }
  }

  @Test
  void anEventLoopIsRefusedAtOnce() throws Exception {
    AtomicReference<@Nullable Throwable> caught = new AtomicReference<>();
    CountDownLatch over = new CountDownLatch(1);
    vertx.runOnContext(
        now -> {
          caught.set(catchThrowable(() -> store.read(tx -> 1)));
          over.countDown();
        });
    await(over);
    assertThat(caught.get()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aQueryThatIsNoneIsRefusedAndUndone() {
    assertThatIllegalStateException().isThrownBy(() -> store.read(tx -> tx.query(COUNT_UP, "a")));
    assertThat(value("a")).isEqualTo(1);
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    String counted =
        "SELECT count(*) FROM information_schema.processlist WHERE db = '"
            + database.settings().database()
            + "' AND id <> CONNECTION_ID()";
    for (int round = 0; round < 5; round++) {
      Race.of(16, thread -> () -> value("a"));
      proxy.silence();
      unavailable(() -> value("a"));
      proxy.mend();
      proxy.cut();
      unavailable(() -> value("a"));
      proxy.mend();
    }
    Race.of(16, thread -> () -> value("a"));
    assertThat(Integer.parseInt(database.value(counted))).isBetween(1, 16);
    store.close();
    eventually(() -> database.value(counted).equals("0"));
    eventually(() -> proxy.connections() == 0);
    unavailable(() -> value("a"));
    unavailable(store::check);
  }

  private static int addHundred(Tx tx, Sql add) {
    for (int i = 0; i < 100; i++) {
      UUID id = UUID.randomUUID();
      tx.update(add, id, id.toString(), new byte[1000]);
    }
    return 100;
  }
}
