package dev.skep.port.coordinator.zookeeper;

import static dev.skep.testkit.Eventually.eventually;
import static dev.skep.testkit.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.port.coordinator.Coordinator.Membership;
import dev.skep.port.coordinator.Coordinator.ShardListener;
import dev.skep.port.etcd.Strands;
import dev.skep.testkit.server.ZooKeeperServers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Holders that are killed, stopped or cut off, and servers that are (P12). */
@Tag("server")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZooKeeperCoordinatorFaultsTest {

  private static final Duration LEASE = Duration.ofSeconds(3);
  private static final Duration SOON = Duration.ofSeconds(20);

  private static ZooKeeperServers access;

  private final String prefix = "test-" + UUID.randomUUID();
  private ZooKeeperCoordinator coordinator;
  private ZooKeeperCoordinator other;

  @BeforeAll
  static void startServer() throws Exception {
    access = ZooKeeperServers.own("coordinator");
  }

  @AfterAll
  static void stopServer() throws Exception {
    access.close();
  }

  @BeforeEach
  void open() {
    coordinator =
        access
            .byTheLine("coordinator", prefix)
            .configure("skep.coordinator.zookeeper.time-out", "2s")
            .get(ZooKeeperCoordinator.class);
    coordinator.open();
    other = access.direct("coordinator", prefix).get(ZooKeeperCoordinator.class);
    other.open();
  }

  @AfterEach
  void close() {
    access.line().mend();
    coordinator.close();
    other.close();
  }

  @Test
  void aKilledHolderIsFollowedWithinItsLeaseAndTheSlack() throws Exception {
    Holder holder = new Holder();
    long began = System.nanoTime();
    holder.process.toHandle().destroyForcibly();
    Lease next = awaitAcquire("name", LEASE.plus(other.slack()));
    say("take-over after kill -9, lease " + LEASE.toSeconds() + " s:", began);
    assertThat(next.token().number()).isGreaterThan(holder.token);
  }

  @Test
  void aHolderStoppedBeyondItsLeaseKnowsWhenItWakes() throws Exception {
    Holder holder = new Holder();
    signal(holder.process, "STOP");
    try {
      long began = System.nanoTime();
      Lease next = awaitAcquire("name", LEASE.plus(other.slack()));
      say("take-over after SIGSTOP, lease " + LEASE.toSeconds() + " s:", began);
      assertThat(next.token().number()).isGreaterThan(holder.token);
      int before = holder.said.size();
      signal(holder.process, "CONT");
      eventually("it is told", SOON, () -> holder.said.contains("lost"));
      List<String> sinceThen = holder.said.subList(before, holder.said.size());
      // One line may have been on its way to the pipe when it was stopped.
      assertThat(sinceThen.stream().skip(1)).doesNotContain("held");
      assertThat(next.held()).isTrue();
    } finally {
      holder.process.toHandle().destroyForcibly();
    }
  }

  @Test
  void aHolderInABlackHoleStopsBelievingBeforeAnotherBegins() {
    Lease lease = acquire(coordinator, "name");
    AtomicReference<Long> stopped = new AtomicReference<>();
    Thread watching =
        Thread.ofVirtual()
            .start(
                () -> {
                  eventually("it stops", SOON, () -> !lease.held());
                  stopped.set(System.nanoTime());
                });
    access.line().silence();
    long began = System.nanoTime();
    Lease next = awaitAcquire("name", LEASE.plus(other.slack()));
    long taken = System.nanoTime();
    join(watching);
    assertThat(stopped.get()).isLessThan(taken);
    say(
        "black hole: the holder stopped "
            + (taken - stopped.get()) / 1_000_000
            + " ms before the take-over, which came after",
        began);
    assertThat(next.held()).isTrue();
  }

  @Test
  void aFrozenServerEndsBeliefAndEveryCallInTime() throws Exception {
    Lease lease = acquire(coordinator, "name");
    AtomicInteger told = new AtomicInteger();
    lease.onLoss(told::incrementAndGet);
    access.process().freeze();
    pause(Duration.ofMillis(300)); // on a busy machine its threads stop a little later
    try {
      long began = System.nanoTime();
      assertThatExceptionOfType(SkepException.class)
          .isThrownBy(() -> coordinator.tryAcquire("another", LEASE))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
      eventually("it is lost", LEASE.plusSeconds(1), () -> !lease.held());
      eventually("it is told", LEASE.plusSeconds(1), () -> told.get() == 1);
    } finally {
      access.process().thaw();
    }
    awaitAcquire("name", SOON);
  }

  @Test
  void aShortInterruptionLosesNothing() {
    Lease lease = acquire(coordinator, "name", LEASE.multipliedBy(2));
    for (int i = 0; i < 5; i++) {
      access.line().reset();
      pause(Duration.ofMillis(700));
      assertThat(lease.held()).isTrue();
    }
  }

  @Test
  void aServerThatIsKilledAndRestartedKeepsLeasesThatItsHolderRenews() throws Exception {
    Lease lease = acquire(coordinator, "long", Duration.ofSeconds(8));
    access.process().kill();
    pause(Duration.ofSeconds(1));
    access.process().restart();
    pause(Duration.ofSeconds(8));
    assertThat(lease.held()).isTrue();
    assertThat(other.tryAcquire("long", LEASE)).isNull();
  }

  /** Its session lives on, and would keep the name for as long. */
  @Test
  void aNameWhoseHolderNeverHeardThatHeGotItIsGivenBack() {
    Duration lasting = Duration.ofMinutes(4);
    acquire(coordinator, "first", lasting).close();
    access.line().loseAnswers();
    assertThatExceptionOfType(SkepException.class)
        .isThrownBy(() -> coordinator.tryAcquire("name", lasting))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    access.line().mend();
    awaitAcquire("name", SOON);
  }

  @Test
  void aNameWhoseHolderHearsLateThatHeGotItIsHis() {
    ZooKeeperCoordinator patient =
        access
            .byTheLine("coordinator", prefix)
            .configure("skep.coordinator.zookeeper.time-out", "10s")
            .get(ZooKeeperCoordinator.class);
    patient.open();
    Duration lasting = LEASE.multipliedBy(3);
    acquire(patient, "first", lasting).close();
    access.line().loseAnswers();
    Thread mending =
        Thread.ofVirtual()
            .start(
                () -> {
                  pause(Duration.ofMillis(300));
                  access.line().mend();
                });
    Lease lease = acquire(patient, "name", lasting);
    join(mending);
    assertThat(lease.held()).isTrue();
    assertThat(other.tryAcquire("name", LEASE)).isNull();
    patient.close();
  }

  @Test
  void aNodeThatWasRemovedByHandEndsNoBeliefButItsTokenIsOlder() throws Exception {
    Lease before = acquire(coordinator, "name");
    access.asStranger(
        client -> {
          client.delete("/" + prefix + "/coordinator/lease-name", -1);
          return true;
        });
    Lease after = awaitAcquire("name", SOON);
    assertThat(after.token().identity()).isEqualTo(before.token().identity());
    assertThat(after.token().number()).isGreaterThan(before.token().number());
  }

  /** As an operator does who has restored a backup. */
  @Test
  void anIdentityThatWasRemovedByHandEndsAllLeasesAndAnotherBegins() throws Exception {
    Lease before = acquire(coordinator, "name");
    AtomicInteger told = new AtomicInteger();
    before.onLoss(told::incrementAndGet);
    access.asStranger(
        client -> {
          String identity = "/" + prefix + "/coordinator/identity";
          client.delete(identity + "/" + before.token().identity(), -1);
          client.delete(identity, -1);
          return true;
        });
    eventually("it is lost", SOON, () -> !before.held() && told.get() == 1);
    Lease after = awaitAcquire("name", SOON);
    assertThat(after.token().identity()).isNotEqualTo(before.token().identity());
  }

  @Test
  void aWipedServerCountsUnderAnotherIdentityAndOldLeasesAreLost() throws Exception {
    Lease before = acquire(coordinator, "name", Duration.ofSeconds(5));
    access.wipe();
    eventually("the old one is lost", SOON, () -> !before.held());
    Lease after = awaitAcquire("name", SOON);
    assertThat(after.token().identity()).isNotEqualTo(before.token().identity());
  }

  @Test
  void membersThatWereCutOffComeBackAndShareAgain() {
    Recorder mine = new Recorder();
    Recorder theirs = new Recorder();
    try (Membership a = coordinator.share("work", 4, LEASE, mine);
        Membership b = other.share("work", 4, LEASE, theirs)) {
      eventually("each has two", SOON, () -> a.shards().size() == 2 && b.shards().size() == 2);
      access.line().silence();
      long began = System.nanoTime();
      eventually("the other has all", SOON, () -> b.shards().size() == 4);
      say("all shards of a member in a black hole, lease 3 s, taken over after", began);
      assertThat(a.shards()).isEmpty();
      access.line().mend();
      eventually(
          "each has two again", SOON, () -> a.shards().size() == 2 && b.shards().size() == 2);
    }
    assertThat(mine.open).hasValue(0);
    assertThat(theirs.open).hasValue(0);
  }

  @Test
  void closingGivesAllBackAtOnceAndLeavesNothingBehind() {
    Recorder mine = new Recorder();
    coordinator.share("work", 3, Duration.ofMinutes(4), mine);
    acquire(coordinator, "name", Duration.ofMinutes(4));
    eventually("all are held", SOON, () -> mine.open.get() == 3);

    coordinator.close();

    assertThat(mine.open).hasValue(0);
    assertThat(other.tryAcquire("name", LEASE)).isNotNull();
    Recorder theirs = new Recorder();
    try (Membership next = other.share("work", 3, LEASE, theirs)) {
      eventually("another has all", Duration.ofSeconds(5), () -> next.shards().size() == 3);
    }
    eventually("no connection is left", SOON, () -> access.line().connections() == 0);
    other.close();
    eventually(
        "no thread is left",
        SOON,
        () ->
            Strands.named("(lease|shard|member|loss of lease|zookeeper) .*|.*-(Send|Event)Thread.*")
                .isEmpty());
  }

  @Test
  void closingWhileTheServerIsSilentEndsInTime() {
    coordinator.share("work", 3, LEASE, new Recorder());
    acquire(coordinator, "name");
    access.line().silence();
    long began = System.nanoTime();
    coordinator.close();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
  }

  private static final class Recorder implements ShardListener {
    final AtomicInteger open = new AtomicInteger();

    @Override
    public void gained(int shard, Lease lease) {
      open.incrementAndGet();
    }

    @Override
    public void lost(int shard) {
      open.decrementAndGet();
    }
  }

  /** Another process with the name. */
  private final class Holder {
    final Process process;
    final List<String> said = new CopyOnWriteArrayList<>();
    final long token;

    Holder() throws Exception {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Xmx96m",
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  LeaseHolder.class.getName(),
                  access.addresses(),
                  prefix,
                  "name",
                  LEASE.toString(),
                  access.settings().get("tick-time"))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII);
      String first = lines.readLine();
      while (first != null && !first.startsWith("token ")) {
        first = lines.readLine();
      }
      assertThat(first).as("what the process says first").isNotNull();
      token = Long.parseLong(first.substring("token ".length()));
      Thread.ofVirtual().start(() -> read(lines));
      eventually("it believes", SOON, () -> said.contains("held"));
    }

    private void read(BufferedReader lines) {
      try {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          said.add(line);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Lease acquire(ZooKeeperCoordinator from, String name) {
    return acquire(from, name, LEASE);
  }

  private static Lease acquire(ZooKeeperCoordinator from, String name, Duration duration) {
    Lease lease = from.tryAcquire(name, duration);
    assertThat(lease).isNotNull();
    return lease;
  }

  private Lease awaitAcquire(String name, Duration atMost) {
    AtomicReference<Lease> taken = new AtomicReference<>();
    eventually(
        "the name is free",
        atMost,
        () -> {
          try {
            taken.set(other.tryAcquire(name, LEASE));
          } catch (SkepException e) {
            return false;
          }
          return taken.get() != null;
        });
    return taken.get();
  }

  private static void signal(Process process, String signal) throws Exception {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void say(String what, long began) {
    System.out.printf(
        "coordinator zookeeper: %s %d ms%n",
        what, Duration.ofNanos(System.nanoTime() - began).toMillis());
  }
}
