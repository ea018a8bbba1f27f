package dev.skep.port.pubsub.nats;

import static dev.skep.testkit.Eventually.eventually;
import static dev.skep.testkit.Eventually.never;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.pubsub.Listener;
import dev.skep.testkit.Race;
import dev.skep.testkit.server.NatsServer;
import dev.skep.testkit.server.ServerProcess;
import dev.skep.testkit.server.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to servers and lines; each ends in recovery without a restart. */
@Tag("server")
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NatsFaultsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** The longest that a call may take, with what a busy machine adds. */
  private static final Duration BOUND = Duration.ofSeconds(3);

  private final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeAll
  static void tell() throws Exception {
    System.out.println("[server] pubsub nats " + NatsServer.installed());
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T closing(T one) {
    opened.add(one);
    return one;
  }

  private NatsPubSub open(TestConfig config) {
    NatsPubSub hints = replica(config);
    hints.open();
    return hints;
  }

  private NatsPubSub replica(TestConfig config) {
    NatsPubSub hints = new NatsPubSub(config.pingInterval(Duration.ofMillis(300)));
    opened.add(hints::close);
    return hints;
  }

  private static Listener listen(NatsPubSub hints, String pattern) {
    Listener listener = new Listener(PATIENCE);
    hints.subscribe(pattern, listener);
    return listener;
  }

  @Test
  void aServerThatIsKilledAndRestarted() throws Exception {
    NatsServer server = closing(NatsServer.start());
    NatsPubSub one = open(TestConfig.of(server.url()));
    NatsPubSub two = open(TestConfig.of(server.url()));
    Listener first = listen(one, "a");
    Listener second = listen(two, "a");
    for (int round = 1; round <= 3; round++) {
      server.process().kill();
      assertUnavailable(one);
      promptly(() -> one.publish("a", "perhaps"));
      server.process().restart();

      first.awaitLoss(round);
      second.awaitLoss(round);
      one.publish("a", "round " + round);
      second.awaitText("round " + round);
      one.check();
    }
  }

  @Test
  void aBlackHoleIsNoticedByPingsAndLeftForAnotherServer() throws Exception {
    List<NatsServer> cluster = NatsServer.startCluster(2);
    cluster.forEach(this::closing);
    TcpProxy proxy = closing(TcpProxy.to("127.0.0.1", cluster.getFirst().port()));
    NatsPubSub hints = open(TestConfig.of("127.0.0.1", proxy.port()));
    NatsPubSub outside = open(TestConfig.of(cluster.getLast().url()));
    NatsPubSub both =
        open(
            TestConfig.of(
                "nats://127.0.0.1:%d,%s".formatted(proxy.port(), cluster.getLast().url())));
    Listener alone = listen(hints, "a");
    Listener withChoice = listen(both, "a");
    Thread.sleep(300); // the servers tell each other of the subscriptions

    proxy.silence();
    assertUnavailable(hints);
    for (int i = 0; i < 1_000; i++) {
      promptly(() -> hints.publish("a", "x".repeat(8_000)));
    }
    eventually("the other server is used", PATIENCE, () -> answers(both));
    eventually(
        "hints reach it there",
        PATIENCE,
        () -> {
          outside.publish("a", "beside the hole");
          return withChoice.texts().contains("beside the hole");
        });
    assertThat(answers(hints)).isFalse();

    proxy.mend();
    alone.awaitLoss(1);
    eventually(
        "hints arrive again",
        PATIENCE,
        () -> {
          outside.publish("a", "after");
          return alone.texts().contains("after");
        });
  }

  @Test
  void aFrozenServerDelaysNobodyAndIsUsedAgainAfterwards() throws Exception {
    NatsServer server = closing(NatsServer.start());
    NatsPubSub hints = open(TestConfig.of(server.url()));
    Listener before = listen(hints, "a");
    server.process().freeze();
    try {
      assertUnavailable(hints);
      for (int i = 0; i < 1_000; i++) {
        promptly(() -> hints.publish("a", "x".repeat(8_000)));
      }
      Listener[] during = new Listener[1];
      promptly(() -> during[0] = listen(hints, "b"));
      server.process().thaw();

      before.awaitLoss(1);
      during[0].awaitLoss(1);
      hints.publish("b", "after");
      during[0].awaitText("after");
    } finally {
      server.process().thaw();
    }
  }

  @Test
  void aSlowLineIsWaitedFor() throws Exception {
    NatsServer server = closing(NatsServer.start());
    TcpProxy proxy = closing(TcpProxy.to("127.0.0.1", server.port()));
    NatsPubSub hints = open(TestConfig.of("127.0.0.1", proxy.port()));
    proxy.slow(Duration.ofMillis(100));
    Listener listener = listen(hints, "a");
    for (int i = 0; i < 50; i++) {
      hints.publish("a", "text " + i);
    }
    listener.awaitText("text 49");
    hints.check();
    assertThat(listener.losses()).isZero();
  }

  @Test
  void ofThreeServersAnyOneMayDie() throws Exception {
    List<NatsServer> cluster = NatsServer.startCluster(3);
    cluster.forEach(this::closing);
    String all = String.join(",", cluster.stream().map(NatsServer::url).toList());
    List<NatsPubSub> replicas = new ArrayList<>();
    List<Listener> listeners = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      replicas.add(open(TestConfig.of(all)));
      listeners.add(listen(replicas.getLast(), "a.*"));
    }
    int hint = 0;
    for (NatsServer victim : cluster) {
      victim.process().kill();
      for (NatsPubSub publisher : replicas) {
        String text = "hint " + hint++;
        for (Listener listener : listeners) {
          // Between servers interest spreads after a moment, so the first ones may get lost.
          eventually(
              text,
              PATIENCE,
              () -> {
                publisher.publish("a.b", text);
                return listener.texts().contains(text);
              });
        }
      }
      victim.process().restart();
    }
  }

  /** All publish all the time, while each server in turn is killed and comes back. */
  @Test
  void hintsFlowOnWhileServersDie() throws Exception {
    List<NatsServer> cluster = NatsServer.startCluster(3);
    cluster.forEach(this::closing);
    String all = String.join(",", cluster.stream().map(NatsServer::url).toList());
    List<NatsPubSub> replicas = new ArrayList<>();
    List<Listener> listeners = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      replicas.add(open(TestConfig.of(all)));
      listeners.add(listen(replicas.getLast(), "flow.*"));
    }
    AtomicBoolean end = new AtomicBoolean();
    AtomicLong published = new AtomicLong();
    AtomicLong slowest = new AtomicLong();
    Thread killer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    for (NatsServer victim : cluster) {
                      Thread.sleep(1_000);
                      victim.process().kill();
                      Thread.sleep(500);
                      victim.process().restart();
                    }
                    Thread.sleep(1_000);
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  } finally {
                    end.set(true);
                  }
                });
    Race.of(
        replicas.size(),
        publisher ->
            () -> {
              for (int number = 0; !end.get(); number++) {
                long began = System.nanoTime();
                replicas.get(publisher).publish("flow." + publisher, publisher + ":" + number);
                slowest.accumulateAndGet(System.nanoTime() - began, Math::max);
                published.incrementAndGet();
                Thread.sleep(5);
              }
              return null;
            });
    killer.join();

    long arrived = 0;
    for (Listener listener : listeners) {
      Map<String, Long> last = new HashMap<>();
      for (String text : listener.texts()) {
        String[] parts = text.split(":");
        long number = Long.parseLong(parts[1]);
        Long before = last.put(parts[0], number);
        assertThat(number).as("in order, and once").isGreaterThan(before == null ? -1 : before);
      }
      arrived += listener.texts().size();
    }
    System.out.printf(
        "pubsub nats, each of three servers killed: %d hints published, %.1f %% arrived; slowest"
            + " publish %d ms; losses told %s%n",
        published.get(),
        100.0 * arrived / (published.get() * listeners.size()),
        Duration.ofNanos(slowest.get()).toMillis(),
        listeners.stream().map(Listener::losses).toList());
    assertThat(Duration.ofNanos(slowest.get())).isLessThan(BOUND);
    assertThat(listeners.stream().mapToLong(Listener::losses).sum()).isPositive();
    assertThat(arrived).isGreaterThan(published.get() * listeners.size() / 2);
    for (NatsPubSub publisher : replicas) {
      for (Listener listener : listeners) {
        String text = "after " + replicas.indexOf(publisher);
        eventually(
            text,
            PATIENCE,
            () -> {
              publisher.publish("flow.after", text);
              return listener.texts().contains(text);
            });
      }
    }
  }

  @Test
  void aLogInThatIsRefusedForAWhile() throws Exception {
    int port = ServerProcess.freePort();
    NatsServer server = closing(NatsServer.startAt(port, "--user=skep", "--pass=one"));
    NatsPubSub hints = open(TestConfig.of(server.url()).logIn("skep", "one"));
    Listener listener = listen(hints, "a");
    server.close();
    NatsServer stranger = closing(NatsServer.startAt(port, "--user=skep", "--pass=two"));
    never("it answers", Duration.ofSeconds(3), () -> answers(hints));
    promptly(() -> hints.publish("a", "lost"));
    Listener during = listen(hints, "a");
    stranger.close();
    closing(NatsServer.startAt(port, "--user=skep", "--pass=one"));

    listener.awaitLoss(1);
    during.awaitLoss(1);
    hints.publish("a", "after");
    listener.awaitText("after");
    during.awaitText("after");
    assertThat(listener.texts()).containsOnlyOnce("after");
  }

  @Test
  void whoSubscribesBeforeTheServerIsThereIsToldWhenItIs() throws Exception {
    int port = ServerProcess.freePort();
    NatsPubSub hints = replica(TestConfig.of("127.0.0.1", port));
    Listener listener = listen(hints, "a");
    promptly(() -> hints.publish("a", "lost"));
    assertUnavailable(hints);
    assertThatExceptionOfType(SkepException.class).isThrownBy(hints::open);
    assertThatExceptionOfType(SkepException.class).isThrownBy(hints::serverVersion);
    NatsServer server = closing(NatsServer.startAt(port));
    hints.open();
    assertThat(hints.serverVersion()).isEqualTo("NATS " + server.version());

    listener.awaitLoss(1);
    hints.publish("a", "there");
    listener.awaitText("there");
  }

  @Test
  void installationsWithOtherPrefixesDoNotHearEachOther() throws Exception {
    NatsServer server = closing(NatsServer.start());
    NatsPubSub ours = open(TestConfig.of(server.url()).prefix("ours"));
    NatsPubSub theirs = open(TestConfig.of(server.url()).prefix("ours.too"));
    Listener our = listen(ours, ">");
    Listener their = listen(theirs, ">");
    ours.publish("a", "ours");
    theirs.publish("a", "theirs");
    our.awaitText("ours");
    their.awaitText("theirs");
    assertThat(their.texts()).containsExactly("theirs");
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    NatsServer server = closing(NatsServer.start());
    TcpProxy proxy = closing(TcpProxy.to("127.0.0.1", server.port()));
    once(proxy); // what the client makes once for all
    long before = clientThreads();
    for (int round = 0; round < 5; round++) {
      once(proxy);
    }
    eventually("connections end", PATIENCE, () -> proxy.connections() == 0);
    eventually("threads end: " + clientThreads(), PATIENCE, () -> clientThreads() <= before);
  }

  private static void once(TcpProxy proxy) {
    NatsPubSub hints =
        new NatsPubSub(
            TestConfig.of("127.0.0.1", proxy.port()).pingInterval(Duration.ofMillis(300)));
    hints.open();
    Listener listener = listen(hints, "a");
    proxy.cut();
    proxy.mend();
    listener.awaitLoss(1);
    proxy.cut();
    hints.close(); // while it tries to find a server
    proxy.mend();
  }

  private static long clientThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().toLowerCase(Locale.ROOT).contains("nats"))
        .count();
  }

  private static boolean answers(NatsPubSub hints) {
    try {
      hints.check();
      return true;
    } catch (SkepException e) {
      return false;
    }
  }

  private static void assertUnavailable(NatsPubSub hints) {
    promptly(
        () ->
            assertThatExceptionOfType(SkepException.class)
                .isThrownBy(hints::check)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE)));
  }

  private static void promptly(Runnable call) {
    long began = System.nanoTime();
    call.run();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(BOUND);
  }
}
