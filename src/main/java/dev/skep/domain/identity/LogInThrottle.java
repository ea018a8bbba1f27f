package dev.skep.domain.identity;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.cache.CacheStore;
import io.smallrye.common.net.Inet;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jboss.logging.Logger;

/**
 * Slows down guessing. Failed log-ins are counted in windows of a quarter of an hour:
 *
 * <ul>
 *   <li>of a user from one address: beyond the limit even the right password is refused from there
 *       until the window ends;
 *   <li>of a user from anywhere, and of an address with any user: beyond the limit an attempt waits
 *       before it counts, and few wait at once. Nobody is locked out by what others do, and a user
 *       does not even wait at an address from which they have logged in within a month.
 * </ul>
 *
 * <p>An IPv6 client owns a network of 64 bits, which is counted as one address. While the cache is
 * down each replica counts for itself.
 */
@Singleton
class LogInThrottle {

  static final Duration WINDOW = Duration.ofMinutes(15);
  static final int FAILURES_OF_USER = 10;

  /** Higher than a user's: a whole office may share an address. */
  static final int FAILURES_OF_ADDRESS = 100;

  /** At once on a replica, for a user or for an address. */
  static final int MOST_WAITING = 4;

  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration REMEMBERED = Duration.ofDays(30);
  private static final byte[] YES = {1};
  private static final int NETWORK_BYTES = 8;
  private static final Logger LOG = Logger.getLogger(LogInThrottle.class);

  private final CacheStore cache;
  private final InstantSource clock;
  private final Duration pause;
  private final LocalCounters local = new LocalCounters();
  private final ConcurrentMap<String, Integer> waiting = new ConcurrentHashMap<>();

  @Inject
  LogInThrottle(CacheStore cache, InstantSource clock) {
    this(cache, clock, PAUSE);
  }

  LogInThrottle(CacheStore cache, InstantSource clock, Duration pause) {
    this.cache = cache;
    this.clock = clock;
    this.pause = pause;
  }

  /** Who wants to log in from where. */
  private record Attempt(String user, String address, String pair) {
    static Attempt of(String userName, String clientAddress) {
      String user = digest(userName);
      String address = digest(network(clientAddress));
      return new Attempt(
          "log-in:user:" + user,
          "log-in:from:" + address,
          "log-in:user-from:" + user + ":" + address);
    }
  }

  /**
   * Waits where there have been many failures; to be called before a turn to check the password.
   *
   * @throws SkepException {@code too-many-requests} as {@link #check}, or when too many wait
   */
  void pace(String userName, String clientAddress) {
    check(userName, clientAddress);
    Attempt attempt = Attempt.of(userName, clientAddress);
    if (count(attempt.user) >= FAILURES_OF_USER) {
      pauseUnlessKnown(attempt, attempt.user);
    } else if (count(attempt.address) >= FAILURES_OF_ADDRESS) {
      pauseUnlessKnown(attempt, attempt.address);
    }
  }

  /**
   * Refuses a user and address that have failed too often together.
   *
   * @throws SkepException {@code too-many-requests} with the time until the window ends
   */
  void check(String userName, String clientAddress) {
    if (count(Attempt.of(userName, clientAddress).pair) < FAILURES_OF_USER) {
      return;
    }
    Instant end = Instant.ofEpochSecond((window() + 1) * WINDOW.toSeconds());
    throw SkepException.retry(
        ErrorCode.TOO_MANY_REQUESTS,
        "Too many failed log-ins of this user from this address. Retry-After says when the next attempt counts",
        Duration.between(clock.instant(), end).plusSeconds(1));
  }

  void failed(String userName, String clientAddress) {
    Attempt attempt = Attempt.of(userName, clientAddress);
    add(attempt.pair);
    add(attempt.user);
    add(attempt.address);
  }

  void succeeded(String userName, String clientAddress) {
    try {
      cache.put(Attempt.of(userName, clientAddress).pair, YES, REMEMBERED);
    } catch (SkepException e) {
      LOG.debugf(e, "the cache does not remember a log-in");
    }
  }

  private void pauseUnlessKnown(Attempt attempt, String line) {
    if (isKnown(attempt)) {
      return;
    }
    try {
      if (waiting.merge(line, 1, Integer::sum) > MOST_WAITING) {
        throw SkepException.retry(
            ErrorCode.TOO_MANY_REQUESTS,
            "Many log-ins of this user or from this address have failed, so only a few are checked at once. Try again",
            pause.plusSeconds(1));
      }
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SkepException(ErrorCode.UNAVAILABLE, "This replica is stopping", e);
    } finally {
      waiting.computeIfPresent(line, (same, number) -> number == 1 ? null : number - 1);
    }
  }

  private boolean isKnown(Attempt attempt) {
    try {
      return cache.get(attempt.pair) != null;
    } catch (SkepException e) {
      LOG.debugf(e, "the cache does not tell who logged in before");
      return false;
    }
  }

  private long count(String counter) {
    String key = inWindow(counter);
    // Not zero where the cache refused to count: a full one still answers reads.
    long here = local.count(key, clock.instant());
    try {
      return here + cache.count(key);
    } catch (SkepException e) {
      LOG.debugf(e, "the cache does not tell how many log-ins failed; this replica knows its own");
      return here;
    }
  }

  private void add(String counter) {
    String key = inWindow(counter);
    try {
      cache.add(key, 1, WINDOW);
    } catch (SkepException e) {
      LOG.debugf(e, "the cache does not count log-ins; this replica does");
      local.add(key, 1, clock.instant(), WINDOW);
    }
  }

  private String inWindow(String counter) {
    return counter + ":" + window();
  }

  private long window() {
    return clock.instant().getEpochSecond() / WINDOW.toSeconds();
  }

  private static String network(String clientAddress) {
    byte[] address =
        clientAddress.contains(":") ? Inet.parseInet6AddressToBytes(clientAddress) : null;
    return address == null ? clientAddress : HexFormat.of().formatHex(address, 0, NETWORK_BYTES);
  }

  /** What was typed may hold anything, a cache key may not. */
  private static String digest(String typed) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(typed.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
