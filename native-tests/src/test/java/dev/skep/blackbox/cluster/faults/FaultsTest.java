package dev.skep.blackbox.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.skep.blackbox.People;
import dev.skep.blackbox.Skep;
import dev.skep.blackbox.cluster.Replica;
import dev.skep.blackbox.cluster.Replicas;
import dev.skep.blackbox.cluster.Servers;
import dev.skep.blackbox.cluster.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * "What happens when a store is down", row by row, at one running replica on real servers: what
 * still works, what is refused and how, what health and the cluster page say, and that all works
 * again without a restart. The time-outs of S3 and etcd are shorter here than by default, so that
 * frozen servers do not take minutes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("P16")
@Tag("P26")
final class FaultsTest {

  /** How long a request may take at the most, whatever is down; a busy machine adds to it. */
  private static final Duration BOUND = Duration.ofSeconds(20);

  /** How soon health must show what is down. */
  private static final Duration SEEN = Duration.ofSeconds(15);

  private static final Duration RECOVERY = Duration.ofSeconds(45);
  private static final Duration START = Duration.ofSeconds(150);

  private static final int CROWD = 48;
  private static final int FLAPS = 12;
  private static final List<Operation> FLAPPED =
      List.of(Operation.LIST, Operation.UPLOAD, Operation.DOWNLOAD, Operation.LOG_IN);

  private Servers servers;
  private Replicas replicas;
  private Replica replica;
  private Work work;
  private Footprint before;

  @BeforeAll
  void start() {
    servers = Servers.start();
    replicas =
        Replicas.on(servers)
            .with("SKEP_OBJECTS_S3_CONNECT_TIMEOUT", "1s")
            .with("SKEP_OBJECTS_S3_READ_TIMEOUT", "2s")
            .with("SKEP_OBJECTS_S3_REQUEST_TIMEOUT", "4s")
            .with("SKEP_CONFIG_ETCD_TIME_OUT", "2s")
            .with("SKEP_COORDINATOR_ETCD_TIME_OUT", "2s")
            .with("SKEP_REGISTRY_ETCD_TIME_OUT", "2s");
    replica = launch();
    replica.awaitWhole(START);
    work = Work.begin(replica, new People(replica.admin()).person("anna"));
  }

  /** With two carriers of virtual threads, however many this machine has. */
  private Replica launch() {
    return replicas.launch(setup -> setup.javaOption("-Djdk.virtualThreadScheduler.parallelism=2"));
  }

  @AfterAll
  void stop() {
    if (replicas != null) {
      replicas.close();
    }
    if (servers != null) {
      servers.close();
    }
  }

  // ---- under load

  @Order(1)
  @TestFactory
  Stream<DynamicTest> aStoreGoesDownUnderLoad() {
    return Arrays.stream(Fault.values())
        .flatMap(
            fault ->
                Arrays.stream(Row.values())
                    .map(
                        row ->
                            dynamicTest(
                                row + " is " + fault, () -> goesDownUnderLoad(row, fault))));
  }

  private void goesDownUnderLoad(Row row, Fault fault) throws Exception {
    Store store = row.store(servers);
    Load load = Load.on(work);
    long usual = Signs.medianMillis(() -> replica.nobody().get("/q/health/live").is(200));
    Outcomes during;
    try {
      fault.befall(store);
      during = Outcomes.of(work);
      during.judge(row.refused(), BOUND);
      replica.await(
          SEEN, "does not show " + row.ports() + " as down", () -> Signs.tell(replica, row));
      assertThat(replica.nobody().get("/q/health/live").status()).isEqualTo(200);
      if (!row.holdsReadinessBack()) {
        Signs.eventuallyOnTheClusterPage(replica, row.ports(), SEEN);
      }
      if (fault == Fault.FROZEN) {
        othersAreAnsweredQuickly(row, usual);
      }
    } finally {
      store.mend();
      load.end();
    }
    long mended = System.nanoTime();
    replica.awaitWhole(RECOVERY);
    Outcomes.awaitAllWork(work, RECOVERY);
    System.out.printf(
        "%s %s: the slowest of all operations %d ms; whole %d ms after it was mended; load: %s;"
            + " %s%n",
        row,
        fault,
        during.longest().toMillis(),
        Duration.ofNanos(System.nanoTime() - mended).toMillis(),
        load.judge(row.refused(), BOUND),
        during.details());
    if (fault == Fault.CUT && row == Row.SQL) {
      before = Footprint.of(replica.skep());
    }
  }

  private static final long PROMISED_MILLIS = 100;

  /** P26: while many wait for the frozen store, nobody else does. */
  private void othersAreAnsweredQuickly(Row row, long usual) throws InterruptedException {
    Operation waiting =
        switch (row) {
          case OBJECTS -> Operation.DOWNLOAD;
          case SQL -> Operation.LIST;
          case CONFIG_REGISTRY_COORDINATOR -> Operation.READ_SETTINGS;
          case CACHE, PUBSUB -> Operation.LOOK_UP;
        };
    List<Thread> crowd = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      crowd.add(Thread.ofVirtual().start(() -> work.does(waiting)));
    }
    long live = Signs.medianMillis(() -> replica.nobody().get("/q/health/live").is(200));
    Operation unrelated = row.unrelated();
    long other =
        Signs.medianMillis(
            unrelated == null
                ? () -> replica.nobody().get("/me").is(401)
                : () -> work.does(unrelated).is(unrelated.status()));
    System.out.printf(
        "%s frozen and %d waiting for it: liveness in %d ms, %s in %d ms (medians)%n",
        row, CROWD, live, unrelated == null ? "a refusal of nobody" : unrelated, other);
    for (Thread each : crowd) {
      each.join();
    }
    // What is promised, and what the machine takes for it under the same load while all is well.
    long bound = PROMISED_MILLIS + 4 * usual;
    assertThat(live).as("ms until liveness is answered, usually %d", usual).isLessThan(bound);
    assertThat(other).as("ms until an unrelated request is answered").isLessThan(2 * bound);
  }

  // ---- slow, full

  @Order(2)
  @Test
  void allAreSlowAndEverythingWorks() throws Exception {
    Outcomes during;
    try {
      servers.all().forEach(store -> store.slow(Duration.ofMillis(15)));
      during = Outcomes.of(work);
      replica.awaitWhole(SEEN);
    } finally {
      servers.mend();
    }
    during.judge(EnumSet.noneOf(Operation.class), BOUND);
    System.out.printf("all slow: the slowest took %d ms%n", during.longest().toMillis());
  }

  /** A cache that takes nothing more is as none: log-in counts its failures by itself. */
  @Order(3)
  @Test
  void aFullCacheIsInNobodysWay() throws Exception {
    redis("CONFIG SET maxmemory 1");
    try {
      Outcomes.of(work).judge(EnumSet.noneOf(Operation.class), BOUND);
      String nobody = "{'name':'nobody','password':'wrong'}";
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        statuses.add(replica.nobody().post("/sessions", nobody).status());
      }
      assertThat(statuses.subList(0, 5)).containsOnly(401);
      assertThat(statuses.getLast()).as("throttled by the replica itself").isEqualTo(429);
    } finally {
      redis("CONFIG SET maxmemory 0");
    }
    Outcomes.awaitAllWork(work, RECOVERY);
  }

  private void redis(String command) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), servers.redis().port())) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
      byte[] answer = new byte[64];
      int count = socket.getInputStream().read(answer);
      assertThat(new String(answer, 0, Math.max(0, count), StandardCharsets.UTF_8))
          .startsWith("+OK");
    }
  }

  // ---- afterwards

  @Order(4)
  @Test
  void manyFaultsLeaveNothingBehind() throws Exception {
    assertThat(before).as("measured after the first faults").isNotNull();
    for (int flap = 0; flap < FLAPS; flap++) {
      for (Store store : servers.all()) {
        store.cut();
        for (Operation each : FLAPPED) {
          work.does(each);
        }
        store.heal();
      }
    }
    replica.awaitWhole(RECOVERY);
    Outcomes.awaitAllWork(work, RECOVERY);
    Footprint[] after = {Footprint.of(replica.skep())};
    replica.await(
        RECOVERY,
        "holds more after the faults than before: " + before + " became " + after[0],
        () -> {
          after[0] = footprint();
          return after[0].isWithin(before, 16);
        });
    System.out.printf("%d faults: %s became %s%n", 15 + 5 * FLAPS, before, after[0]);
  }

  private Footprint footprint() {
    try {
      return Footprint.of(replica.skep());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Order(5)
  @Test
  void nothingAcknowledgedIsLostAndNoFaultOfSkepIsInTheLog() {
    int count = work.findsWhatWasAcknowledged();
    int refused = work.findsNothingThatWasRefused();
    System.out.printf(
        "during all faults: %d uploads acknowledged, lost 0; %d refused, there 0%n",
        count, refused);
    assertThat(count).isGreaterThan(50);
    Signs.noFaultOfSkep(replica);
  }

  @Order(6)
  @Test
  void dutiesAreHeldAgain() {
    replica.await(RECOVERY, "holds no duty", () -> Signs.dutiesAreHeld(replica));
  }

  // ---- down before the start

  @Order(7)
  @TestFactory
  Stream<DynamicTest> aStoreIsDownBeforeTheReplicaStarts() {
    return Arrays.stream(Row.values())
        .map(row -> dynamicTest(row + " is down before", () -> isDownBeforeTheStart(row)));
  }

  private void isDownBeforeTheStart(Row row) throws Exception {
    Store store = row.store(servers);
    store.kill();
    Replica late = launch();
    try {
      Work lateWork = work.at(late);
      late.await(START, "does not live", () -> Signs.ofLife(late));
      late.await(START, "does not show what is down", () -> Signs.tell(late, row));
      Outcomes during = Outcomes.of(lateWork);
      during.judge(row.refused(), BOUND);
      System.out.printf("%s down before the start: %s%n", row, during.details());
      store.restart();
      late.awaitWhole(RECOVERY);
      Outcomes.awaitAllWork(lateWork, RECOVERY);
      late.stop();
    } finally {
      store.mend();
      late.kill();
    }
    replica.awaitWhole(RECOVERY);
  }

  // ---- a replica stops, or starts with wrong settings

  @Order(8)
  @Test
  void aReplicaStopsInTimeWhileAllAreFrozen() {
    Replica leaving = launch();
    leaving.awaitWhole(START);
    try {
      servers.all().forEach(Store::freeze);
      leaving.stop();
    } finally {
      servers.mend();
      leaving.kill();
    }
    replica.awaitWhole(RECOVERY);
  }

  @Order(9)
  @Test
  void wrongCredentialsAndTheDataOfOthersEndTheStartByName() throws Exception {
    List<List<String>> tables = tables();
    ends(
        Map.of(
            "SKEP_SQL_MYSQL_PASSWORD", "not-it",
            "SKEP_OBJECTS_S3_SECRET_KEY", "not-it",
            "SKEP_CACHE_REDIS_USER", "nobody",
            "SKEP_CACHE_REDIS_PASSWORD", "not-it"),
        "skep.sql.mysql.password",
        "skep.objects.s3.secret-key",
        "skep.cache.redis.password");
    ends(
        Map.of("SKEP_SQL_MYSQL_DATABASE", "elsewhere", "SKEP_OBJECTS_S3_INSTALLATION", "another"),
        "skep.sql.mysql.database",
        "skep.objects.s3.installation");
    assertThat(tables()).isEqualTo(tables);
    Outcomes.awaitAllWork(work, RECOVERY);
  }

  private void ends(Map<String, String> variables, String... keys) {
    Replica wrong = replicas.launch(setup -> variables.forEach(setup::with));
    Skep skep = wrong.skep();
    try {
      assertThat(skep.awaitEnd(START)).as(skep::output).isEqualTo(1);
      assertThat(skep.output())
          .contains("Skep cannot start: ")
          .contains(keys)
          .doesNotContain("not-it", "\tat ");
    } finally {
      wrong.kill();
    }
  }

  private List<List<String>> tables() {
    return servers.sql(
        "SELECT table_name, create_time FROM information_schema.tables"
            + " WHERE table_schema = 'skep' ORDER BY table_name");
  }
}
