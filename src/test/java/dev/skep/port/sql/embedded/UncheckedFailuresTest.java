package dev.skep.port.sql.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.disk.Disk;
import dev.skep.common.disk.RealDisk;
import dev.skep.port.sql.Statement;
import dev.skep.port.sql.Tx;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What nobody expected to be thrown ends neither the writer nor a reader. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UncheckedFailuresTest {

  private static final Duration LIMIT = Duration.ofSeconds(2);

  @TempDir Path temp;

  private SqliteConnection connection;
  private final AtomicReference<Error> next = new AtomicReference<>();

  private record Text(String sql) implements Statement {
    @Override
    public String name() {
      return sql;
    }
  }

  @BeforeEach
  void connect() throws SQLException {
    connection = SqliteConnection.writer(file());
    connection.run("CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY)");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void aDiskThatThrowsOnceCostsOneChangeAndTheWriterGoesOn() throws Exception {
    Writer writer = new Writer(connection, new Reserve(disk(), temp.resolve("reserve"), 1), LIMIT);
    next.set(new OutOfMemoryError("expected by a test"));

    Throwable refused = catchThrowable(() -> add(writer, "refused"));

    assertUnavailable(refused);
    assertThatCode(() -> add(writer, "kept")).doesNotThrowAnyException();
    assertThatCode(writer::writable).doesNotThrowAnyException();
    assertThat(names()).containsExactly("kept");
    writer.close();
  }

  @Test
  void aGroupThatMetAPassingFailureIsWrittenOneByOne() throws Exception {
    Writer writer = new Writer(connection, new Reserve(disk(), temp.resolve("reserve"), 1), LIMIT);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    List<Throwable> caught = new ArrayList<>();
    List<Thread> callers = new ArrayList<>();
    callers.add(Thread.ofVirtual().start(() -> writer.run(tx -> hold(tx, begun, over))));
    begun.await();
    for (int i = 0; i < 5; i++) {
      String name = "n" + i;
      callers.add(Thread.ofVirtual().start(() -> record(caught, () -> add(writer, name))));
    }
    Thread.sleep(200);
    next.set(new StackOverflowError("expected by a test"));
    over.countDown();
    for (Thread each : callers) {
      each.join();
    }

    assertThat(next.get()).as("it was thrown").isNull();
    assertThat(caught).isEmpty();
    assertThat(names()).hasSize(5);
    writer.close();
  }

  @Test
  void aReaderThatCannotConnectForAnUnknownReasonAnswersAndIsThereForTheNext() throws Exception {
    AtomicReference<Error> failure = new AtomicReference<>();
    Readers readers =
        new Readers(
            () -> {
              throwOnce(failure);
              return SqliteConnection.reader(file());
            },
            1,
            LIMIT);
    try {
      assertUnavailable(catchThrowable(() -> readers.run(tx -> tx.query(ENDLESS))));
      failure.set(new OutOfMemoryError("expected by a test"));
      assertUnavailable(catchThrowable(() -> readers.run(tx -> 1)));
      assertThat(failure.get()).as("it was thrown").isNull();
      assertThat(readers.<Integer>run(tx -> 1)).isEqualTo(1);
    } finally {
      readers.close();
    }
  }

  /** Its interrupt makes the reader connect again. */
  private static final Statement ENDLESS =
      new Text(
          "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS c"
              + " FROM n");

  private static int hold(Tx tx, CountDownLatch begun, CountDownLatch over) {
    tx.mayUseReserve(); // so that the group is the first to ask for room
    begun.countDown();
    try {
      over.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return 0;
  }

  private static void record(List<Throwable> caught, Runnable action) {
    try {
      action.run();
    } catch (Throwable t) {
      synchronized (caught) {
        caught.add(t);
      }
    }
  }

  private static void add(Writer writer, String name) {
    writer.run(tx -> tx.update(new Text("INSERT INTO counter VALUES (?)"), name));
  }

  private List<String> names() throws SQLException {
    try (SqliteConnection reader = SqliteConnection.reader(file())) {
      return SqliteTx.forReading(reader, () -> false)
          .query(new Text("SELECT name FROM counter ORDER BY name"))
          .stream()
          .map(row -> row.text("name"))
          .toList();
    }
  }

  private static void assertUnavailable(Throwable failure) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
  }

  private static void throwOnce(AtomicReference<Error> failure) {
    Error now = failure.getAndSet(null);
    if (now != null) {
      throw now;
    }
  }

  /** A real disk that throws the next error where it is asked for its room. */
  private Disk disk() {
    RealDisk disk = new RealDisk();
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("freeSpace")) {
                throwOnce(next);
              }
              try {
                return method.invoke(disk, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private Path file() {
    return temp.resolve("skep.db");
  }
}
