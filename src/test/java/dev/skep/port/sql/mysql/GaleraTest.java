package dev.skep.port.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.SkepException;
import dev.skep.testkit.Eventually;
import dev.skep.testkit.GaleraCluster;
import dev.skep.testkit.MySqlSettings;
import dev.skep.testkit.SeenLog;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two replicas on a Galera cluster of three, whose nodes die, freeze and lose their quorum. */
@Tag("server")
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("P18")
class GaleraTest {

  private static final Sql ADD = new Sql("INSERT INTO counter (name, value) VALUES (?, 1)");
  private static final String DATABASE = "skep";
  private static final Duration BACK = Duration.ofSeconds(30);

  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicInteger failed = new AtomicInteger();
  private final List<Writer> writers = new ArrayList<>();

  @Test
  void nothingAcknowledgedIsLostWhileNodesDieFreezeAndLoseTheirQuorum() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (GaleraCluster cluster = GaleraCluster.start();
        SeenLog log = new SeenLog()) {
      try (Connection administrator = cluster.node(0).connect("");
          var statement = administrator.createStatement()) {
        statement.execute("CREATE DATABASE " + DATABASE);
        System.out.println(
            "[server] sql mysql Galera " + administrator.getMetaData().getDatabaseProductVersion());
      }
      MySqlSqlStore one = opened(vertx, cluster.endpointsFrom(0));
      MySqlSqlStore other = opened(vertx, cluster.endpointsFrom(1));
      try {
        writeOn(one, "one");
        writeOn(other, "other");
        awaitWrites("at first");

        cluster.node(0).process().kill();
        awaitWrites("with a node killed");
        cluster.node(0).process().restart();

        cluster.node(1).process().freeze();
        awaitWrites("with a node frozen");
        cluster.node(1).process().thaw();
        Eventually.eventually("the frozen node is back", BACK, () -> cluster.node(1).isReady());
        awaitWrites("with all nodes back");

        cluster.node(0).process().kill();
        cluster.node(1).process().kill();
        Eventually.eventually("the quorum is lost", BACK, () -> !cluster.node(2).isReady());
        int before = acknowledged.size();
        Eventually.pause(Duration.ofSeconds(1));
        assertThat(acknowledged).as("acknowledged without a quorum").hasSize(before);
        cluster.node(0).process().relaunch();
        cluster.node(1).process().relaunch();
        awaitWrites("with the quorum back");
      } finally {
        for (Writer each : writers) {
          each.end();
        }
        one.close();
        other.close();
      }
      for (int node = 0; node < 3; node++) {
        assertThat(namesOn(cluster.node(node))).containsAll(acknowledged);
      }
      System.out.printf(
          "Galera: %d writes acknowledged, none lost; %d failed%n",
          acknowledged.size(), failed.get());
      assertThat(log.with("Uncaught exception")).isEmpty();
      assertThat(log.with("Client is closed")).isEmpty();
      log.with("does not serve").forEach(System.out::println);
      assertThat(log.with("does not serve"))
          .as("a line for a change of endpoint, not one for each connection")
          .hasSizeLessThan(20);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get();
    }
  }

  /** Both replicas write again, each with all of its threads. */
  private void awaitWrites(String when) {
    long start = System.nanoTime();
    List<Integer> before = writers.stream().map(Writer::done).toList();
    Eventually.eventually(
        "each thread writes " + when,
        BACK,
        () -> {
          for (int i = 0; i < before.size(); i++) {
            if (writers.get(i).done() < before.get(i) + 5) {
              return false;
            }
          }
          return true;
        });
    System.out.printf(
        "Galera: all threads write %s after %d ms%n",
        when, Duration.ofNanos(System.nanoTime() - start).toMillis());
  }

  private void writeOn(MySqlSqlStore store, String name) {
    for (int i = 0; i < 4; i++) {
      writers.add(new Writer(store, name + "-" + i));
    }
  }

  private static Set<String> namesOn(GaleraCluster.Node node) throws Exception {
    Eventually.eventually("a node is in step", BACK, node::isReady);
    Set<String> names = new HashSet<>();
    try (Connection connection = node.connect(DATABASE);
        var statement = connection.createStatement()) {
      statement.execute("SET wsrep_sync_wait = 1");
      try (var found = statement.executeQuery("SELECT name FROM counter")) {
        while (found.next()) {
          names.add(found.getString(1));
        }
      }
    }
    return names;
  }

  private static MySqlSqlStore opened(Vertx vertx, String endpoints) {
    MySqlSqlStore store =
        new MySqlSqlStore(
            vertx,
            new MySqlSettings(
                endpoints,
                DATABASE,
                "root",
                Optional.empty(),
                false,
                Optional.empty(),
                8,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2)),
            MySqlSqlStoreTest.CONTRACT);
    store.open();
    return store;
  }

  /** One thread that adds a row after the other. */
  private final class Writer {

    private final Thread thread;
    private volatile boolean over;
    private volatile int done;

    Writer(MySqlSqlStore store, String name) {
      thread = Thread.ofVirtual().start(() -> write(store, name));
    }

    int done() {
      return done;
    }

    void end() throws InterruptedException {
      over = true;
      thread.join();
    }

    private void write(MySqlSqlStore store, String name) {
      for (int i = 0; !over; i++) {
        String row = name + "-" + i;
        try {
          store.write(tx -> tx.update(ADD, row));
          acknowledged.add(row);
          done = done + 1;
        } catch (SkepException e) {
          failed.incrementAndGet();
        }
        Eventually.pause(Duration.ofMillis(20));
      }
    }
  }
}
