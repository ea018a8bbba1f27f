package dev.skep.blackbox.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.skep.blackbox.People;
import dev.skep.blackbox.cluster.Replica;
import dev.skep.blackbox.cluster.Replicas;
import dev.skep.blackbox.cluster.Servers;
import dev.skep.testkit.server.ServerProcess;
import dev.skep.testkit.server.TcpProxy;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.Version;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The rows registry and coordinator of "What happens when a store is down", at one running replica
 * that keeps its leases and its entry in ZooKeeper: no request is refused, readiness and the
 * cluster page tell what is down, and duties and list come back without a restart.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ZooKeeperFaultsTest {

  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final Duration SEEN = Duration.ofSeconds(30);
  private static final Duration RECOVERY = Duration.ofSeconds(60);
  private static final Duration START = Duration.ofSeconds(150);
  private static final List<String> DOWN = List.of("registry", "coordinator");

  private Servers servers;
  private ServerProcess zooKeeper;
  private TcpProxy line;
  private Replicas replicas;
  private Replica replica;
  private Work work;

  @BeforeAll
  void start() throws Exception {
    servers = Servers.start();
    int port = ServerProcess.freePort();
    zooKeeper = zooKeeper(Files.createTempDirectory("skep-zookeeper"), port);
    DOWN.forEach(
        each ->
            System.out.println(
                "[server] " + each + " zookeeper ZooKeeper " + Version.getVersion()));
    line = TcpProxy.to("127.0.0.1", port);
    replicas =
        Replicas.on(servers)
            .with("SKEP_COORDINATOR_DRIVER", "zookeeper")
            .with("SKEP_REGISTRY_DRIVER", "zookeeper")
            .with("SKEP_COORDINATOR_ZOOKEEPER_SERVERS", "127.0.0.1:" + line.port())
            .with("SKEP_COORDINATOR_ZOOKEEPER_TICK_TIME", "500ms");
    replica = replicas.launch();
    replica.awaitWhole(START);
    work = Work.begin(replica, new People(replica.admin()).person("anna"));
  }

  private static ServerProcess zooKeeper(Path folder, int port) throws Exception {
    Path settings =
        Files.writeString(
            folder.resolve("zoo.cfg"),
            """
            tickTime=500
            dataDir=%s
            clientPortAddress=127.0.0.1
            clientPort=%d
            minSessionTimeout=2000
            maxSessionTimeout=60000
            admin.enableServer=false
            4lw.commands.whitelist=srvr
            """
                .formatted(folder, port));
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "org.apache.zookeeper.server.quorum.QuorumPeerMain",
            settings.toString());
    return ServerProcess.start("zookeeper", folder, command, () -> answers(port));
  }

  private static boolean answers(int port) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(2_000);
      socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      return new String(answer, StandardCharsets.US_ASCII).contains("Mode: ");
    }
  }

  @AfterAll
  void stop() throws IOException {
    if (replicas != null) {
      replicas.close();
    }
    if (line != null) {
      line.close();
    }
    if (zooKeeper != null) {
      zooKeeper.close();
    }
    if (servers != null) {
      servers.close();
    }
  }

  /** What befalls ZooKeeper or the line to it. */
  @FunctionalInterface
  private interface Mishap {
    void befall() throws Exception;
  }

  @Order(1)
  @TestFactory
  Stream<DynamicTest> itGoesDownUnderLoad() {
    return Stream.of(
        dynamicTest("it is cut off", () -> goesDown("cut off", line::cut)),
        dynamicTest("it is silent", () -> goesDown("silent", line::silence)),
        dynamicTest("it is frozen", () -> goesDown("frozen", zooKeeper::freeze)),
        dynamicTest("it is killed", () -> goesDown("killed", zooKeeper::kill)));
  }

  private void goesDown(String how, Mishap mishap) throws Exception {
    dutiesAreHeld(replica);
    Load load = Load.on(work);
    Outcomes during;
    try {
      mishap.befall();
      during = Outcomes.of(work);
      during.judge(EnumSet.noneOf(Operation.class), BOUND);
      replica.await(SEEN, "does not show what is down", () -> Signs.tell(replica, DOWN, 200));
      assertThat(replica.nobody().get("/q/health/live").status()).isEqualTo(200);
      Signs.eventuallyOnTheClusterPage(replica, DOWN, SEEN);
    } finally {
      mend();
      load.end();
    }
    long mended = System.nanoTime();
    replica.awaitWhole(RECOVERY);
    Outcomes.awaitAllWork(work, RECOVERY);
    dutiesAreHeld(replica);
    System.out.printf(
        "ZooKeeper %s: the slowest of all operations %d ms; whole, with all duties held, %d ms after it was mended; load: %s%n",
        how,
        during.longest().toMillis(),
        Duration.ofNanos(System.nanoTime() - mended).toMillis(),
        load.judge(EnumSet.noneOf(Operation.class), BOUND));
  }

  private void mend() throws Exception {
    if (zooKeeper.isAlive()) {
      zooKeeper.thaw();
    } else {
      zooKeeper.restart();
    }
    line.mend();
  }

  private static void dutiesAreHeld(Replica by) {
    by.await(RECOVERY, "holds no duty", () -> Signs.dutiesAreHeld(by));
  }

  @Order(2)
  @Test
  void itIsSlowAndEverythingWorks() throws Exception {
    Outcomes during;
    try {
      line.slow(Duration.ofMillis(15));
      during = Outcomes.of(work);
      replica.awaitWhole(SEEN);
    } finally {
      line.mend();
    }
    during.judge(EnumSet.noneOf(Operation.class), BOUND);
  }

  @Order(3)
  @Test
  void itIsDownBeforeAReplicaStarts() throws Exception {
    zooKeeper.kill();
    Replica late = replicas.launch();
    try {
      late.await(START, "does not live", () -> Signs.ofLife(late));
      late.await(START, "does not show what is down", () -> Signs.tell(late, DOWN, 200));
      Work lateWork = work.at(late);
      Outcomes.of(lateWork).judge(EnumSet.noneOf(Operation.class), BOUND);
      zooKeeper.restart();
      late.awaitWhole(RECOVERY);
      Outcomes.awaitAllWork(lateWork, RECOVERY);
      dutiesAreHeld(late);
      late.stop();
    } finally {
      mend();
      late.kill();
    }
    replica.awaitWhole(RECOVERY);
    dutiesAreHeld(replica);
  }

  @Order(4)
  @Test
  void nothingAcknowledgedIsLostAndNoFaultOfSkepIsInTheLog() {
    int count = work.findsWhatWasAcknowledged();
    System.out.printf("ZooKeeper's faults: %d uploads acknowledged, lost 0%n", count);
    assertThat(count).isGreaterThan(20);
    Signs.noFaultOfSkep(replica);
  }
}
