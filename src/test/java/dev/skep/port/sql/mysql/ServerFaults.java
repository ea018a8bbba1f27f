package dev.skep.port.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.UnknownOutcomeException;
import dev.skep.testkit.Eventually;
import dev.skep.testkit.MySqlSettings;
import dev.skep.testkit.Race;
import dev.skep.testkit.SqlEngine;
import dev.skep.testkit.SqlServer;
import dev.skep.testkit.server.TcpProxy;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * What callers see of a server that fails, and of a line that dies while it works (P18); what may
 * differ from product to product.
 */
@Tag("server")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("P18")
abstract class ServerFaults {
  private static final Sql ADD = new Sql("INSERT INTO counter (name, value) VALUES (?, 1)");
  static final Sql COUNT_UP = new Sql("UPDATE counter SET value = value + 1 WHERE name = ?");
  private static final Sql READ = new Sql("SELECT value FROM counter WHERE name = ?");
  private static final Sql SLEEP = new Sql("SELECT SLEEP(3.5) AS slept");

  static Vertx vertx;
  private SqlServer server;

  SqlServer.Database database;
  TcpProxy proxy;
  MySqlSqlStore store;

  /** The product that all this is tried on. */
  abstract SqlEngine engine();

  @BeforeAll
  void start() throws Exception {
    vertx = Vertx.vertx();
    server = engine().startOwn();
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
  void open() throws Exception {
    database = server.newDatabase();
    proxy = proxyOf(database);
    store = opened(database.settings().at("127.0.0.1:" + proxy.port()));
    store.write(tx -> tx.update(ADD, "a"));
  }

  @AfterEach
  void close() throws Exception {
    store.close();
    proxy.close();
  }

  @Test
  void aLineThatIsCutInMidCallIsToldAndTheNextCallWorksWhenItIsMended() throws Exception {
    try (Connection holder = holdingA()) {
      AtomicReference<@Nullable Throwable> caught = new AtomicReference<>();
      Thread waiting = inBackground(() -> countUp("a"), caught);
      Thread.sleep(300);
      proxy.cut();
      waiting.join();
      assertThat(caught.get()).isInstanceOf(SkepException.class);
      assertThat(((SkepException) caught.get()).code()).isEqualTo(ErrorCode.UNAVAILABLE);
      holder.rollback();
    }
    proxy.mend();
    assertThat(value("a")).isEqualTo(1);
    countUp("a");
    assertThat(value("a")).isEqualTo(2);
  }

  @Test
  void aFrozenServerEndsEachCallWithinItsLimit() throws Exception {
    server.process().freeze();
    try {
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
    } finally {
      server.process().thaw();
    }
    countUp("a");
    // What had reached the frozen server was never committed.
    assertThat(value("a")).isEqualTo(2);
  }

  /** How many lines die at a commit. */
  int deaths() {
    return 500;
  }

  @Test
  void whereverALineDiesNothingAcknowledgedIsLostAndNothingElseIsClaimed() throws Exception {
    int[] told = new int[3];
    int happened = 0;
    int longest = 3 * microsOfAWrite();
    for (int round = 0; round < deaths(); round++) {
      String name = "round " + round;
      Throwable caught = catchThrowable(() -> addWhileTheLineDies(name, longest));
      boolean isThere = has(name);
      switch (caught) {
        case null -> {
          told[0]++;
          assertThat(isThere).as("acknowledged: " + name).isTrue();
        }
        case UnknownOutcomeException unknown -> {
          told[1]++;
          happened += isThere ? 1 : 0;
        }
        case SkepException known -> {
          told[2]++;
          assertThat(known.code()).isEqualTo(ErrorCode.UNAVAILABLE);
          assertThat(isThere).as("refused: " + name).isFalse();
        }
        case Throwable other -> throw new AssertionError(other);
      }
    }
    System.out.printf(
        "%d lines died at a commit: %d acknowledged, %d unknown (%d of them happened), %d"
            + " refused%n",
        deaths(), told[0], told[1], happened, told[2]);
    assertThat(told[1]).isPositive();
    assertThat(told[0]).isPositive();
  }

  @Test
  void aServerThatIsKilledAndStartedAgainUnderLoadLosesNothingAcknowledged() throws Exception {
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    AtomicInteger failed = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    List<Integer> ran =
        Race.of(
            9,
            thread ->
                () -> {
                  if (thread == 0) {
                    killAndRestart(3, acknowledged);
                    over.set(true);
                    return 0;
                  }
                  int count = 0;
                  while (!over.get()) {
                    String name = thread + "-" + count++;
                    try {
                      store.write(tx -> tx.update(ADD, name));
                      acknowledged.add(name);
                    } catch (SkepException e) {
                      failed.incrementAndGet();
                      Thread.sleep(20);
                    }
                  }
                  return count;
                });
    System.out.printf(
        "server killed 3 times: %d writes, %d acknowledged, %d failed%n",
        ran.stream().mapToInt(each -> each).sum(), acknowledged.size(), failed.get());
    assertThat(acknowledged).allSatisfy(name -> assertThat(has(name)).isTrue());
    assertThat(failed).hasPositiveValue();
  }

  @Test
  void aReplicaThatStopsInATransactionLosesItsLocks() throws Exception {
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch freed = new CountDownLatch(1);
    AtomicReference<@Nullable Throwable> caught = new AtomicReference<>();
    Thread stopped =
        inBackground(
            () ->
                store.write(
                    tx -> {
                      tx.update(COUNT_UP, "a");
                      locked.countDown();
                      await(freed);
                      tx.rollBackOnly();
                      return 0;
                    }),
            caught);
    await(locked);
    long start = System.nanoTime();
    try (MySqlStoreHandle other = new MySqlStoreHandle(opened(database.settings()))) {
      other.store().write(tx -> tx.update(COUNT_UP, "a"));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(22));
    freed.countDown();
    stopped.join();
    assertThat(value("a")).isEqualTo(2);
  }

  @Test
  void anAbandonedStatementIsKilledOnTheServer() throws Exception {
    AtomicReference<@Nullable Throwable> caught = new AtomicReference<>();
    Thread reader = inBackground(() -> store.read(tx -> tx.query(SLEEP)), caught);
    eventually(() -> sleeping() == 1);
    reader.interrupt();
    reader.join();
    assertThat(caught.get()).isInstanceOf(SkepException.class);
    long start = System.nanoTime();
    eventually(() -> sleeping() == 0);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    assertThat(value("a")).isEqualTo(1);
  }

  @Test
  void aLockTimeOutRepeatsTheFunction() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    Connection holder = holdingA();
    AtomicReference<@Nullable Throwable> caught = new AtomicReference<>();
    Thread waiting =
        inBackground(
            () ->
                store.write(
                    tx -> {
                      runs.incrementAndGet();
                      return tx.update(COUNT_UP, "a");
                    }),
            caught);
    Thread.sleep(4000);
    holder.close();
    waiting.join();
    assertThat(caught.get()).isNull();
    assertThat(runs).hasValue(2);
    assertThat(value("a")).isEqualTo(2);
  }

  @Test
  void aDeadlockRepeatsTheFunctionOfOneOfThem() throws Exception {
    store.write(tx -> tx.update(ADD, "b"));
    CyclicBarrier both = new CyclicBarrier(2);
    AtomicInteger runs = new AtomicInteger();
    Race.of(
        2,
        thread ->
            () ->
                store.write(
                    tx -> {
                      tx.update(COUNT_UP, thread == 0 ? "a" : "b");
                      if (runs.incrementAndGet() <= 2) {
                        meet(both);
                      }
                      return tx.update(COUNT_UP, thread == 0 ? "b" : "a");
                    }));
    assertThat(runs).hasValue(3);
    assertThat(value("a")).isEqualTo(3);
    assertThat(value("b")).isEqualTo(3);
  }

  @Test
  void moreStatementsThanOneConnectionKeepsPrepared() throws Exception {
    try (MySqlStoreHandle one = new MySqlStoreHandle(opened(database.settings().with(1)))) {
      for (int round = 0; round < 2; round++) {
        IntStream.range(0, 250)
            .forEach(
                i -> {
                  Sql statement =
                      new Sql("SELECT value + " + i + " AS n FROM counter WHERE name = ?");
                  long found =
                      one.store()
                          .<Long>read(tx -> tx.one(statement, "a").orElseThrow().number("n"));
                  assertThat(found).isEqualTo(1 + i);
                });
      }
      assertThat(prepared()).isLessThan(250);
    }
  }

  Object call(int thread) {
    return switch (thread % 3) {
      case 0 -> value("a");
      case 1 -> countUp("a");
      default -> {
        store.check();
        yield "";
      }
    };
  }

  /** So that a line may die before, during and after a commit on any disk. */
  private int microsOfAWrite() {
    int writes = 30;
    long start = System.nanoTime();
    for (int i = 0; i < writes; i++) {
      countUp("a");
    }
    return (int) TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start) / writes;
  }

  private void addWhileTheLineDies(String name, int longest) {
    store.write(
        tx -> {
          int count = tx.update(ADD, name);
          Thread.ofVirtual().start(() -> dieAfter(ThreadLocalRandom.current().nextInt(longest)));
          return count;
        });
  }

  private void dieAfter(int micros) {
    long until = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros);
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    proxy.reset();
  }

  private void killAndRestart(int times, Set<String> acknowledged) throws Exception {
    for (int i = 0; i < times; i++) {
      int before = acknowledged.size();
      eventually(() -> acknowledged.size() > before + 100);
      server.process().kill();
      Thread.sleep(200);
      server.process().restart();
    }
    int before = acknowledged.size();
    eventually(() -> acknowledged.size() > before + 100);
  }

  int countUp(String name) {
    return store.write(tx -> tx.update(COUNT_UP, name));
  }

  long value(String name) {
    return store.read(tx -> tx.one(READ, name).orElseThrow().number("value"));
  }

  private boolean has(String name) {
    for (int attempt = 0; ; attempt++) {
      try {
        return store.read(tx -> tx.one(READ, name).isPresent());
      } catch (SkepException e) {
        if (attempt == 20) {
          throw e;
        }
      }
    }
  }

  private Connection holdingA() throws Exception {
    Connection holder = database.connect();
    holder.setAutoCommit(false);
    try (var statement = holder.createStatement()) {
      statement.execute("UPDATE counter SET value = value + 10 WHERE name = 'a'");
    }
    return holder;
  }

  private int sleeping() throws Exception {
    return Integer.parseInt(
        database.value(
            "SELECT count(*) FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP%'"));
  }

  private int prepared() throws Exception {
    try (Connection connection = database.connect();
        var statement = connection.createStatement();
        var found = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'")) {
      found.next();
      return found.getInt(2);
    }
  }

  private static Thread inBackground(Runnable action, AtomicReference<@Nullable Throwable> caught) {
    return Thread.ofVirtual().start(() -> caught.set(catchThrowable(action::run)));
  }

  static void unknown(Runnable write) {
    long start = System.nanoTime();
    assertThatThrownBy(write::run).isInstanceOf(UnknownOutcomeException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(12));
  }

  static void unavailable(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
  }

  static void eventually(Callable<Boolean> condition) {
    Eventually.eventually(
        "what was waited for",
        Duration.ofSeconds(20),
        () -> {
          try {
            return condition.call();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody came");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void meet(CyclicBarrier both) {
    try {
      both.await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static TcpProxy proxyOf(SqlServer.Database database) throws Exception {
    String[] address = database.settings().endpoints().split(":");
    return TcpProxy.to(address[0], Integer.parseInt(address[1]));
  }

  static MySqlSqlStore opened(MySqlSettings settings) {
    MySqlSqlStore store = new MySqlSqlStore(vertx, settings, MySqlSqlStoreTest.CONTRACT);
    store.open();
    return store;
  }

  record MySqlStoreHandle(MySqlSqlStore store) implements AutoCloseable {
    @Override
    public void close() {
      store.close();
    }
  }
}
