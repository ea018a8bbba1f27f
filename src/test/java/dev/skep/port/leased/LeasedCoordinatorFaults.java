package dev.skep.port.leased;

import static dev.skep.testkit.Eventually.eventually;
import static dev.skep.testkit.Eventually.pause;
import static dev.skep.testkit.Failing.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.SkepException;
import dev.skep.port.Driver;
import dev.skep.port.coordinator.Coordinator;
import dev.skep.port.coordinator.Coordinator.Lease;
import dev.skep.port.coordinator.Coordinator.Membership;
import dev.skep.port.coordinator.Coordinator.ShardListener;
import dev.skep.testkit.Strands;
import dev.skep.testkit.server.ServerAccess;
import dev.skep.testkit.tier.Tier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Holders that are killed, stopped or cut off, and servers that are (P12). */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("P12")
public abstract class LeasedCoordinatorFaults<D extends Coordinator & Driver> {

  protected static final Duration LEASE = Duration.ofSeconds(3);
  protected static final Duration SOON = Duration.ofSeconds(20);

  protected final String prefix = "test-" + UUID.randomUUID();
  protected D coordinator;
  protected D other;

  /** One of the test's own. */
  protected abstract ServerAccess access();

  protected abstract Class<D> driver();

  /** The names of the threads of its client, as a regular expression. */
  protected abstract String threads();

  /** Of a lease that outlives cuts so short that a client just connects again. */
  protected abstract Duration outlivingCuts();

  /** Of a lease that outlives a restart of its server. */
  protected abstract Duration outlivingRestarts();

  @BeforeEach
  void open() {
    coordinator =
        access()
            .byTheLine("coordinator", prefix)
            .configure("skep.coordinator." + access().driver() + ".time-out", "2s")
            .get(driver());
    coordinator.open();
    other = access().direct("coordinator", prefix).get(driver());
    other.open();
  }

  @AfterEach
  void close() {
    access().line().mend();
    coordinator.close();
    other.close();
  }

  @Test
  void aKilledHolderIsFollowedWithinItsLeaseAndTheSlack() throws Exception {
    Holder holder = new Holder();
    long began = System.nanoTime();
    holder.process.toHandle().destroyForcibly();
    Lease next = awaitAcquire("name", Tier.within(LEASE.plus(other.slack())));
    say("take-over after kill -9, lease " + LEASE.toSeconds() + " s:", began);
    assertThat(next.token().number()).isGreaterThan(holder.token);
  }

  @Test
  void aHolderStoppedBeyondItsLeaseKnowsWhenItWakes() throws Exception {
    Holder holder = new Holder();
    signal(holder.process, "STOP");
    try {
      long began = System.nanoTime();
      Lease next = awaitAcquire("name", Tier.within(LEASE.plus(other.slack())));
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
    access().line().silence();
    long began = System.nanoTime();
    Lease next = awaitAcquire("name", Tier.within(LEASE.plus(other.slack())));
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
    access().process().freeze();
    pause(Duration.ofMillis(300)); // on a busy machine its threads stop a little later
    try {
      long began = System.nanoTime();
      assertUnavailable(() -> coordinator.tryAcquire("another", LEASE));
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
      eventually("it is lost", LEASE.plusSeconds(1), () -> !lease.held());
      eventually("it is told", LEASE.plusSeconds(1), () -> told.get() == 1);
    } finally {
      access().process().thaw();
    }
    awaitAcquire("name", SOON);
  }

  @Test
  void aShortInterruptionLosesNothing() {
    Lease lease = acquire(coordinator, "name", outlivingCuts());
    for (int i = 0; i < 5; i++) {
      access().line().reset();
      pause(Duration.ofMillis(700));
      assertThat(lease.held()).isTrue();
    }
  }

  @Test
  void aServerThatIsKilledAndRestartedKeepsLeasesThatItsHolderRenews() throws Exception {
    Lease lease = acquire(coordinator, "long", outlivingRestarts());
    access().process().kill();
    pause(Duration.ofSeconds(1));
    access().process().restart();
    pause(outlivingRestarts().plusSeconds(1));
    assertThat(lease.held()).isTrue();
    assertThat(other.tryAcquire("long", LEASE)).isNull();
  }

  @Test
  void aWipedServerCountsUnderAnotherIdentityAndOldLeasesAreLost() throws Exception {
    Lease before = acquire(coordinator, "name", Duration.ofSeconds(5));
    access().wipe();
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
      access().line().silence();
      long began = System.nanoTime();
      eventually("the other has all", SOON, () -> b.shards().size() == 4);
      say("all shards of a member in a black hole, lease 3 s, taken over after", began);
      assertThat(a.shards()).isEmpty();
      access().line().mend();
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
    eventually("no connection is left", SOON, () -> access().line().connections() == 0);
    other.close();
    eventually(
        "no thread is left",
        SOON,
        () -> Strands.named("(lease|shard|member|loss of lease) .*|" + threads()).isEmpty());
  }

  @Test
  void closingWhileTheServerIsSilentEndsInTime() {
    coordinator.share("work", 3, LEASE, new Recorder());
    acquire(coordinator, "name");
    access().line().silence();
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
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Xmx96m",
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  LeaseHolder.class.getName()));
      command.addAll(
          LeaseHolder.arguments(driver(), access().direct("coordinator", prefix), "name", LEASE));
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
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

  protected static Lease acquire(Coordinator from, String name) {
    return acquire(from, name, LEASE);
  }

  protected static Lease acquire(Coordinator from, String name, Duration duration) {
    Lease lease = from.tryAcquire(name, duration);
    assertThat(lease).isNotNull();
    return lease;
  }

  protected final Lease awaitAcquire(String name, Duration atMost) {
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

  protected static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void say(String what, long began) {
    System.out.printf(
        "coordinator %s: %s %d ms%n",
        access().driver(), what, Duration.ofNanos(System.nanoTime() - began).toMillis());
  }
}
