package dev.skep.port.cache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Copies that may be lost at any moment, and counters for throttling; one namespace for all
 * replicas.
 *
 * <h2>Entries</h2>
 *
 * A key is 1–200 characters of {@code [a-z0-9:._-]}, a value at most 1 MiB. An entry may vanish at
 * any time; it is never returned after its time to live, nor after a {@link #remove} that returned
 * before.
 *
 * <h2>Counters</h2>
 *
 * {@link #add} is atomic among all callers. The time to live counts from the addition that made the
 * counter; later ones do not renew it.
 *
 * <h2>Failures</h2>
 *
 * {@code unavailable} when the server does not answer in time; callers go on without the cache.
 * Thread-safe.
 */
public interface CacheStore {

  byte @Nullable [] get(String key);

  void put(String key, byte[] value, Duration timeToLive);

  void remove(String key);

  /**
   * Adds to the counter, which begins at 0, and returns its new value.
   *
   * @param timeToLive how long a counter lives that this call makes
   */
  long add(String key, long amount, Duration timeToLive);

  /** The counter's value, 0 when it does not exist. */
  long count(String key);
}
