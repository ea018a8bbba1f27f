package dev.skep.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.cache.CacheStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LogInThrottleTest {

  private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");
  private static final Duration PAUSE = Duration.ofMillis(300);

  private final Memory cache = new Memory();
  private final LogInThrottle throttle = new LogInThrottle(cache, () -> NOW, PAUSE);

  @Test
  void aUserWhoFailedTooOftenIsRefusedFromThereAndFromNowhereElse() {
    fail(throttle, LogInThrottle.FAILURES_OF_USER, "anna", "192.0.2.1");
    assertThat(People.code(() -> throttle.check("anna", "192.0.2.1")))
        .isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
    throttle.check("anna", "192.0.2.2");
    throttle.check("bert", "192.0.2.1");
  }

  @Test
  void failuresFromElsewhereMakeAUserWaitButNotWhereTheyHaveLoggedInBefore() {
    throttle.succeeded("anna", "192.0.2.1");
    fail(throttle, LogInThrottle.FAILURES_OF_USER, "anna", "203.0.113.9");
    assertThat(waits("anna", "192.0.2.2")).isTrue();
    assertThat(waits("anna", "192.0.2.1")).isFalse();
    assertThat(waits("bert", "192.0.2.2")).isFalse();
  }

  @Test
  void anAddressWithManyFailuresMakesOthersWaitButNotWhoHasLoggedInFromThere() {
    throttle.succeeded("anna", "192.0.2.1");
    for (int n = 0; n < LogInThrottle.FAILURES_OF_ADDRESS; n++) {
      throttle.failed("invented-" + n, "192.0.2.1");
    }
    assertThat(waits("bert", "192.0.2.1")).isTrue();
    assertThat(waits("anna", "192.0.2.1")).isFalse();
    assertThat(waits("bert", "192.0.2.2")).isFalse();
  }

  @Test
  void fewWaitAtOnceAndTheOthersAreToldWhenToComeAgain() throws Exception {
    fail(throttle, LogInThrottle.FAILURES_OF_USER, "anna", "203.0.113.9");
    List<Future<ErrorCode>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < 50; n++) {
        String address = "192.0.2." + n;
        answers.add(threads.submit(() -> outcome("anna", address)));
      }
    }
    long let = 0;
    for (Future<ErrorCode> answer : answers) {
      let += answer.get() == null ? 1 : 0;
    }
    assertThat(let).isPositive().isLessThan(50);
    assertThat(waits("anna", "192.0.2.99")).isTrue();
  }

  @Test
  void successesCountNowhere() {
    for (int n = 0; n < 2 * LogInThrottle.FAILURES_OF_ADDRESS; n++) {
      throttle.succeeded("anna", "192.0.2.1");
    }
    throttle.check("anna", "192.0.2.1");
    assertThat(waits("bert", "192.0.2.1")).isFalse();
    assertThat(waits("anna", "192.0.2.2")).isFalse();
  }

  @Test
  void addressesOfOneIpv6NetworkAreOneAddress() {
    for (int n = 0; n < LogInThrottle.FAILURES_OF_USER; n++) {
      throttle.failed("anna", "2001:db8:0:1::" + n);
    }
    assertThat(People.code(() -> throttle.check("anna", "2001:db8::1:ffff:ffff:ffff:ffff")))
        .isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
    throttle.check("anna", "2001:db8:0:2::1");
  }

  @Test
  void whileTheCacheIsDownTheReplicaCountsForItself() {
    LogInThrottle alone = new LogInThrottle(new Down(), () -> NOW, Duration.ZERO);
    alone.succeeded("anna", "192.0.2.1");
    fail(alone, LogInThrottle.FAILURES_OF_USER, "anna", "192.0.2.1");
    assertThat(People.code(() -> alone.check("anna", "192.0.2.1")))
        .isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
    alone.pace("anna", "192.0.2.99");
  }

  /** A full Redis answers reads and refuses writes. */
  @Test
  void whileTheCacheIsFullTheReplicaCountsForItself() {
    LogInThrottle alone = new LogInThrottle(new Full(), () -> NOW, Duration.ZERO);
    fail(alone, LogInThrottle.FAILURES_OF_USER, "anna", "192.0.2.1");
    assertThat(People.code(() -> alone.check("anna", "192.0.2.1")))
        .isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
    alone.check("bert", "192.0.2.1");
  }

  private static void fail(LogInThrottle throttle, int times, String user, String address) {
    for (int n = 0; n < times; n++) {
      throttle.failed(user, address);
    }
  }

  private boolean waits(String user, String address) {
    long start = System.nanoTime();
    throttle.pace(user, address);
    return System.nanoTime() - start >= PAUSE.toNanos();
  }

  private ErrorCode outcome(String user, String address) {
    try {
      throttle.pace(user, address);
      return null;
    } catch (SkepException e) {
      return e.code();
    }
  }

  private static class Memory implements CacheStore {
    private final Map<String, byte[]> values = new HashMap<>();
    private final Map<String, Long> counters = new HashMap<>();

    @Override
    public synchronized byte[] get(String key) {
      return values.get(key);
    }

    @Override
    public synchronized void put(String key, byte[] value, Duration timeToLive) {
      values.put(key, value);
    }

    @Override
    public synchronized void remove(String key) {
      values.remove(key);
    }

    @Override
    public synchronized long add(String key, long amount, Duration timeToLive) {
      return counters.merge(key, amount, Long::sum);
    }

    @Override
    public synchronized long count(String key) {
      return counters.getOrDefault(key, 0L);
    }
  }

  private static final class Full extends Memory {
    @Override
    public synchronized void put(String key, byte[] value, Duration timeToLive) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "cache: full");
    }

    @Override
    public synchronized long add(String key, long amount, Duration timeToLive) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "cache: full");
    }
  }

  private static final class Down implements CacheStore {
    private static SkepException down() {
      return new SkepException(ErrorCode.UNAVAILABLE, "cache: down");
    }

    @Override
    public byte[] get(String key) {
      throw down();
    }

    @Override
    public void put(String key, byte[] value, Duration timeToLive) {
      throw down();
    }

    @Override
    public void remove(String key) {
      throw down();
    }

    @Override
    public long add(String key, long amount, Duration timeToLive) {
      throw down();
    }

    @Override
    public long count(String key) {
      throw down();
    }
  }
}
