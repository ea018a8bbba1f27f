package dev.skep.port.cache.redis;

import static dev.skep.testkit.Eventually.eventually;
import static dev.skep.testkit.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.cache.redis.RedisCacheConfig.Mode;
import dev.skep.testkit.Race;
import dev.skep.testkit.server.RedisServers;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A master is killed (SIGKILL) in the middle of writes, and its replica takes over. Redis confirms
 * a write before its replicas have it, so what was put or counted last may be lost, as everything
 * in a cache may. Promised is the rest: every call ends in time, what is read was once put under
 * its key, a counter never shows more than was added, and all works again without a restart.
 */
@Tag("server")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RedisFailoverTest {

  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final int WRITERS = 6;

  private Vertx vertx;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void aSentinelNamesANewMaster() throws Exception {
    try (RedisServers servers = RedisServers.sentinel(Duration.ofMillis(500))) {
      System.out.println("[server] cache redis " + servers.about() + ", Sentinel");
      masterDies(servers, Mode.SENTINEL);
    }
  }

  @Test
  void aReplicaOfTheClusterTakesOver() throws Exception {
    try (RedisServers servers = RedisServers.cluster(1)) {
      System.out.println("[server] cache redis " + servers.about() + ", cluster of six");
      for (int replica = 3; replica < 6; replica++) {
        int port = servers.port(replica);
        eventually("it has a copy", Duration.ofSeconds(20), () -> hasCopy(port));
      }
      masterDies(servers, Mode.CLUSTER);
    }
  }

  private static boolean hasCopy(int port) {
    try {
      return RedisServers.cli(port, "info", "replication").contains("master_link_status:up");
    } catch (Exception e) {
      return false;
    }
  }

  private void masterDies(RedisServers servers, Mode mode) throws Exception {
    TestConfig config =
        TestConfig.of(servers.addresses(), mode, "skep").withTimes(WAIT, Duration.ofMillis(200));
    RedisCacheStore store = new RedisCacheStore(vertx, config);
    store.open();
    Run run = new Run(store);
    Thread killer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    pause(Duration.ofSeconds(1));
                    run.killed();
                    servers.process(0).kill();
                    eventually("everybody works again", Duration.ofSeconds(40), run::isWellAgain);
                  } finally {
                    run.end();
                  }
                });
    try {
      Race.of(WRITERS, writer -> () -> run.writer(writer));
      killer.join();
      run.judge(mode);
    } finally {
      store.close();
    }
  }

  /** What the writers do and see. */
  private static final class Run {

    private final RedisCacheStore store;
    private final AtomicBoolean end = new AtomicBoolean();
    private final AtomicBoolean killed = new AtomicBoolean();
    private final AtomicInteger worked = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicLong slowest = new AtomicLong();
    private final AtomicLong lastRefusal = new AtomicLong();
    private final AtomicLong kill = new AtomicLong();

    Run(RedisCacheStore store) {
      this.store = store;
    }

    void killed() {
      kill.set(System.nanoTime());
      killed.set(true);
    }

    void end() {
      end.set(true);
    }

    /** Somebody was refused, and then nobody for so long that all keys were used again. */
    boolean isWellAgain() {
      return refused.get() > 0
          && System.nanoTime() - lastRefusal.get() > Duration.ofSeconds(2).toNanos();
    }

    Void writer(int writer) {
      long added = 0;
      for (int i = 0; !end.get(); i++) {
        String key = "w" + writer + "-" + i % 40;
        String value = key + "=" + i;
        call(() -> store.put(key, value.getBytes(StandardCharsets.UTF_8), LONG));
        call(() -> assertBelongs(key, store.get(key)));
        added++;
        long most = added;
        call(() -> assertThat(store.add("c" + writer, 1, LONG)).isBetween(1L, most));
        pause(Duration.ofMillis(2));
      }
      return null;
    }

    private static void assertBelongs(String key, byte[] found) {
      if (found != null) {
        assertThat(new String(found, StandardCharsets.UTF_8)).startsWith(key + "=");
      }
    }

    private void call(Runnable call) {
      long began = System.nanoTime();
      try {
        call.run();
        worked.incrementAndGet();
      } catch (SkepException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(killed).as("refused before anything happened: " + e.detail()).isTrue();
        refused.incrementAndGet();
        lastRefusal.set(System.nanoTime());
      }
      slowest.accumulateAndGet(System.nanoTime() - began, Math::max);
    }

    void judge(Mode mode) {
      System.out.printf(
          "cache redis, %s: master killed, %d calls worked, %d refused; the last %d ms after it,"
              + " the slowest call took %d ms%n",
          mode,
          worked.get(),
          refused.get(),
          Duration.ofNanos(lastRefusal.get() - kill.get()).toMillis(),
          Duration.ofNanos(slowest.get()).toMillis());
      assertThat(worked).hasValueGreaterThan(500);
      assertThat(refused).hasPositiveValue();
      assertThat(Duration.ofNanos(slowest.get())).isLessThan(WAIT.multipliedBy(5));
      store.check();
    }
  }
}
