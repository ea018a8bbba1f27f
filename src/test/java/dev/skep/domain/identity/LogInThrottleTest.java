package dev.skep.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.cache.CacheStore;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LogInThrottleTest {

  private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");

  @Test
  void whileTheCacheIsDownTheReplicaCountsForItself() {
    LogInThrottle throttle = new LogInThrottle(new Down(), () -> NOW);
    for (int attempt = 0; attempt < LogInThrottle.FAILURES_OF_USER; attempt++) {
      throttle.begin("anna", "192.0.2." + attempt);
    }
    assertThat(People.code(() -> throttle.begin("anna", "192.0.2.99")))
        .isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
    throttle.begin("bert", "192.0.2.99");
  }

  @Test
  void anAddressIsCountedOverAllUsers() {
    LogInThrottle throttle = new LogInThrottle(new Down(), () -> NOW);
    for (int attempt = 0; attempt < LogInThrottle.FAILURES_OF_ADDRESS; attempt++) {
      throttle.begin("user" + attempt, "192.0.2.1");
    }
    assertThat(People.code(() -> throttle.begin("another", "192.0.2.1")))
        .isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
    throttle.begin("another", "192.0.2.2");
  }

  @Test
  void aRefusedAttemptIsNoFailureOfItsOwn() {
    LogInThrottle throttle = new LogInThrottle(new Down(), () -> NOW);
    LogInThrottle.Attempt last = throttle.begin("anna", "a");
    for (int attempt = 1; attempt < LogInThrottle.FAILURES_OF_USER; attempt++) {
      throttle.begin("anna", "a");
    }
    for (int attempt = 0; attempt < 50; attempt++) {
      assertThat(People.code(() -> throttle.begin("anna", "a")))
          .isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
    }
    last.withdraw();
    throttle.begin("anna", "a");
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
