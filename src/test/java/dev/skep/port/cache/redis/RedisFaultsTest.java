package dev.skep.port.cache.redis;

import static dev.skep.testkit.Eventually.eventually;
import static dev.skep.testkit.Failing.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import dev.skep.port.cache.redis.RedisCacheConfig.Mode;
import dev.skep.testkit.server.Certificates;
import dev.skep.testkit.server.RedisServers;
import dev.skep.testkit.server.ServerProcess;
import dev.skep.testkit.server.TcpProxy;
import dev.skep.testkit.tier.Tier;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to the driver when its server, the line to it or a setting is bad. */
@Tag("server")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("P16")
class RedisFaultsTest {

  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration WAIT = Duration.ofMillis(300);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static RedisServers servers;
  private Vertx vertx;
  private TcpProxy line;
  private RedisCacheStore store;

  @BeforeAll
  static void startServers() throws Exception {
    servers = RedisServers.standalone();
    System.out.println("[server] cache redis " + servers.about());
  }

  @AfterAll
  static void stopServers() {
    if (servers != null) {
      servers.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    line = TcpProxy.to("127.0.0.1", servers.port(0));
    store = open(config().withServers("127.0.0.1:" + line.port()).withTimes(WAIT, PAUSE));
  }

  @AfterEach
  void close() throws Exception {
    store.close();
    line.close();
    RedisServers.cli(servers.port(0), "flushall");
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static TestConfig config() {
    return TestConfig.of(servers.addresses(), Mode.STANDALONE, "skep");
  }

  private RedisCacheStore open(TestConfig config) {
    RedisCacheStore opened = new RedisCacheStore(vertx, config);
    opened.open();
    return opened;
  }

  private static Duration timeOf(Runnable call) {
    long start = System.nanoTime();
    call.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void works() {
    store.put("works", new byte[] {1}, LONG);
    assertThat(store.get("works")).containsExactly(1);
  }

  private boolean isBack() {
    try {
      works();
      return true;
    } catch (SkepException e) {
      return false;
    }
  }

  /** At the worst, each of 200 requests, one after the other, would wait. */
  @Test
  void aBlackHoleDoesNotLetEveryRequestWait() {
    works();
    line.silence();

    Duration all =
        timeOf(
            () -> {
              for (int i = 0; i < 200; i++) {
                assertUnavailable(() -> store.get("a"));
              }
            });

    assertThat(all).isLessThan(Duration.ofSeconds(2));
    line.mend();
    eventually("it works again", PAUSE.plusSeconds(5), this::isBack);
  }

  @Test
  void manyAtOnceInABlackHoleLeaveNoConnectionBehind() throws Exception {
    works();
    line.silence();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        calls.add(pool.submit(() -> assertUnavailable(() -> store.get("a"))));
      }
      for (Future<?> each : calls) {
        each.get(5, TimeUnit.SECONDS);
      }
    }
    line.mend();
    eventually("it works again", PAUSE.plusSeconds(5), this::isBack);
    for (int i = 0; i < 100; i++) {
      works();
    }
    assertThat(line.connections()).isLessThanOrEqualTo(16);
    store.close();
    eventually("no connection", Duration.ofSeconds(5), () -> line.connections() == 0);
  }

  @Test
  void aFrozenServerIsUnavailableAndServesAgainWhenItThaws() throws Exception {
    works();
    servers.process(0).freeze();
    try {
      assertThat(timeOf(() -> assertUnavailable(() -> store.get("a"))))
          .isLessThan(Tier.within(WAIT.multipliedBy(5)));
      // Who still waits for the server takes WAIT at least, each time.
      assertThat(
              Stream.generate(() -> timeOf(() -> assertUnavailable(() -> store.get("a"))))
                  .limit(5)
                  .min(Comparator.naturalOrder())
                  .orElseThrow())
          .isLessThan(WAIT);
    } finally {
      servers.process(0).thaw();
    }
    eventually("it works again", PAUSE.plusSeconds(5), this::isBack);
  }

  @Test
  void aCutLineIsTriedAtOnceWhenItIsMended() {
    works();
    line.cut();
    assertUnavailable(() -> store.get("a"));
    assertUnavailable(() -> store.get("a"));
    line.mend();
    works();
  }

  @Test
  void aServerThatWasKilledIsUsedAgainWhenItReturns() throws Exception {
    works();
    servers.process(0).kill();
    assertUnavailable(() -> store.get("a"));
    servers.process(0).restart();
    eventually("it works again", Duration.ofSeconds(5), this::isBack);
    assertThat(store.count("c")).isZero();
  }

  @Test
  void aFullServerRefusesWritesButAnswersReads() throws Exception {
    store.put("before", new byte[] {1}, LONG);
    store.add("c", 3, LONG);
    RedisServers.cli(servers.port(0), "config", "set", "maxmemory", "100kb");
    try {
      assertThatExceptionOfType(SkepException.class)
          .isThrownBy(() -> store.put("more", new byte[1000], LONG))
          .satisfies(
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                assertThat(e.detail()).contains("full");
              });
      assertUnavailable(() -> store.add("c", 1, LONG));
      assertThat(store.get("before")).containsExactly(1);
      assertThat(store.count("c")).isEqualTo(3);
      store.remove("before");
    } finally {
      RedisServers.cli(servers.port(0), "config", "set", "maxmemory", "0");
    }
    works();
  }

  @Test
  void flushingEverythingIsNoFailure() throws Exception {
    works();
    store.add("c", 5, LONG);
    RedisServers.cli(servers.port(0), "flushall");
    assertThat(store.get("works")).isNull();
    assertThat(store.count("c")).isZero();
    works();
  }

  @Test
  void aCallOnAnEventLoopFailsInsteadOfBlockingIt() throws Exception {
    Future<Boolean> refused =
        vertx
            .<Boolean>executeBlocking(() -> true)
            .map(
                ignored -> {
                  assertThatIllegalStateException().isThrownBy(() -> store.get("a"));
                  return true;
                })
            .toCompletionStage()
            .toCompletableFuture();
    assertThat(refused.get(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void twoInstallationsOnOneServerDoNotSeeEachOther() {
    RedisCacheStore other = open(config().withPrefix("other"));
    store.put("a", new byte[] {1}, LONG);
    assertThat(other.get("a")).isNull();
    other.close();
  }

  @Test
  void aSentinelsNewMasterIsUsedWithoutARestart() throws Exception {
    try (RedisServers watched = RedisServers.sentinel(Duration.ofMillis(500))) {
      RedisCacheStore over =
          open(
              TestConfig.of(watched.addresses(), Mode.SENTINEL, "skep")
                  .withTimes(Duration.ofSeconds(1), Duration.ofMillis(200)));
      over.put("a", new byte[] {1}, LONG);
      watched.process(0).kill();

      eventually(
          "the new master serves",
          Duration.ofSeconds(30),
          () -> {
            try {
              over.put("b", new byte[] {2}, LONG);
              return over.get("b") != null;
            } catch (SkepException e) {
              return false;
            }
          });
      over.close();
    }
  }

  // ---- wrong settings

  private void refused(TestConfig config, String key, String... words) {
    RedisCacheStore wrong = new RedisCacheStore(vertx, config);
    assertThatExceptionOfType(CannotOpen.class)
        .isThrownBy(wrong::open)
        .satisfies(
            e -> {
              assertThat(e.key()).isEqualTo("skep.cache.redis." + key);
              for (String word : words) {
                assertThat(e.getMessage()).contains(word);
              }
              assertThat(e.line()).doesNotContain("geheim");
            });
    wrong.close();
  }

  @Test
  void wrongLogInsNameTheirSetting() throws Exception {
    try (RedisServers locked = RedisServers.standalone("--requirepass", "richtig")) {
      TestConfig config = TestConfig.of(locked.addresses(), Mode.STANDALONE, "skep");
      refused(config, "password", "missing");
      refused(config.withLogIn(Optional.empty(), Optional.of("geheim")), "password", "refuses");
      refused(
          config.withLogIn(Optional.of("nobody"), Optional.of("geheim")), "password", "refuses");
      refused(config.withLogIn(Optional.of("nobody"), Optional.empty()), "password", "missing");
      open(config.withLogIn(Optional.empty(), Optional.of("richtig"))).close();
      RedisServers.cli(
          locked.port(0),
          "-a",
          "richtig",
          "acl",
          "setuser",
          "skep",
          "on",
          ">geheim",
          "~skep:*",
          "+get",
          "+set",
          "+del",
          "+eval",
          "+incrby",
          "+pttl",
          "+pexpire",
          "+hello",
          "+ping",
          "+info");
      RedisCacheStore limited = open(config.withLogIn(Optional.of("skep"), Optional.of("geheim")));
      limited.put("a", new byte[1], LONG);
      limited.add("c", 1, LONG);
      limited.remove("a");
      limited.close();
      refused(
          config.withLogIn(Optional.of("skep"), Optional.of("geheim")).withPrefix("other"),
          "user",
          "lacks rights");
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aServerThatIsNotThereMayCome(Mode mode) throws Exception {
    TestConfig nowhere = TestConfig.of("127.0.0.1:" + ServerProcess.freePort(), mode, "skep");
    assertUnavailable(() -> open(nowhere));
  }

  @Test
  void aClusterIsNotOneServerNorTheOtherWayRound() throws Exception {
    refused(config().withMode(Mode.CLUSTER), "mode", "no node of a cluster");
    try (RedisServers cluster = RedisServers.cluster()) {
      refused(
          TestConfig.of("127.0.0.1:" + cluster.port(0), Mode.STANDALONE, "skep"),
          "mode",
          "node of a cluster");
    }
  }

  @Test
  void aNameThatTheSentinelsDoNotKnowIsTold() throws Exception {
    try (RedisServers watched = RedisServers.sentinel(Duration.ofMinutes(1))) {
      refused(
          TestConfig.of(watched.addresses(), Mode.SENTINEL, "skep").withMasterName("other"),
          "master-name");
    }
  }

  @Test
  void certificatesAreLookedAt(@TempDir Path folder) throws Exception {
    Certificates certificates = new Certificates(folder);
    try (RedisServers secured =
        RedisServers.secured(certificates, certificates.server(), "richtig")) {
      TestConfig config =
          TestConfig.of(secured.addresses(), Mode.STANDALONE, "skep")
              .withLogIn(Optional.empty(), Optional.of("richtig"));
      refused(config.withTls(Optional.empty()), "ca");
      refused(config.withTls(Optional.of(folder.resolve("missing.pem"))), "ca", "cannot be read");
    }
    try (RedisServers stranger =
        RedisServers.secured(certificates, certificates.stranger(), "richtig")) {
      refused(
          TestConfig.of(stranger.addresses(), Mode.STANDALONE, "skep")
              .withLogIn(Optional.empty(), Optional.of("richtig"))
              .withTls(Optional.of(certificates.authority())),
          "servers",
          "another name");
    }
    assertUnavailable(
        () -> open(config().withTls(Optional.empty()))); // it merely breaks the line off
  }
}
