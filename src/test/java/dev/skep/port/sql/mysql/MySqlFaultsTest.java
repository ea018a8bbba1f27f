package dev.skep.port.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.sql.Tx;
import dev.skep.testkit.MySqlSettings;
import dev.skep.testkit.Race;
import dev.skep.testkit.SqlEngine;
import dev.skep.testkit.SqlServer;
import java.time.Duration;
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
      MySqlSettings there = second.newDatabase().settings();
      SqlServer.Database twin = new SqlServer.Database(there.in(database.settings().database()));
      new SqlServer.Database(there)
          .run("CREATE DATABASE IF NOT EXISTS " + database.settings().database());
      for (SqlServer.Database each : List.of(database, twin)) {
        each.run(
            "CREATE USER app@'%' IDENTIFIED BY 'word'",
            "GRANT ALL ON " + each.settings().database() + ".* TO app@'%'");
        opened(each.settings()).close();
      }
      twin.run("INSERT INTO counter (name, value) VALUES ('a', 100)");
      String both = database.settings().endpoints() + "," + there.endpoints();
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
