package dev.skep.domain.identity;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.cache.CacheStore;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import org.jboss.logging.Logger;

/**
 * Counts failed log-ins per user name and per client address in windows of a quarter of an hour;
 * beyond the limit even the right password is refused until the window ends. While the cache is
 * down each replica counts for itself.
 */
@Singleton
public class LogInThrottle {

  static final Duration WINDOW = Duration.ofMinutes(15);
  static final int FAILURES_OF_USER = 10;

  /** Higher than a user's: a whole office may share an address. */
  static final int FAILURES_OF_ADDRESS = 100;

  private static final Logger LOG = Logger.getLogger(LogInThrottle.class);

  private final CacheStore cache;
  private final InstantSource clock;
  private final LocalCounters local = new LocalCounters();

  public LogInThrottle(CacheStore cache, InstantSource clock) {
    this.cache = cache;
    this.clock = clock;
  }

  /**
   * Counts an attempt as failed from its beginning, so that many at once cannot pass the limit.
   *
   * @throws SkepException {@code too-many-requests} with the time until the window ends
   */
  Attempt begin(String userName, String clientAddress) {
    Instant now = clock.instant();
    long window = now.getEpochSecond() / WINDOW.toSeconds();
    Attempt attempt =
        new Attempt(
            "log-in:user:" + key(userName, window), "log-in:from:" + key(clientAddress, window));
    boolean tooMany =
        (add(attempt.userKey, 1) > FAILURES_OF_USER)
            | (add(attempt.addressKey, 1) > FAILURES_OF_ADDRESS);
    if (tooMany) {
      attempt.withdraw();
      Instant end = Instant.ofEpochSecond((window + 1) * WINDOW.toSeconds());
      throw SkepException.retry(
          ErrorCode.TOO_MANY_REQUESTS,
          "Too many failed log-ins for this user or from this address. Retry-After says when the next attempt counts",
          Duration.between(now, end).plusSeconds(1));
    }
    return attempt;
  }

  /** One attempt; nothing needs to be called when it fails. */
  final class Attempt {
    private final String userKey;
    private final String addressKey;

    private Attempt(String userKey, String addressKey) {
      this.userKey = userKey;
      this.addressKey = addressKey;
    }

    /** It was no failure: the password was right, or could not be checked. */
    void withdraw() {
      add(userKey, -1);
      add(addressKey, -1);
    }
  }

  private long add(String key, long amount) {
    try {
      return cache.add(key, amount, WINDOW);
    } catch (SkepException e) {
      LOG.debugf(e, "the cache does not count log-ins; this replica does");
      return local.add(key, amount, clock.instant(), WINDOW);
    }
  }

  /** What was typed may hold anything, a cache key may not. */
  private static String key(String typed, long window) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(typed.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16) + ":" + window;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
