package dev.skep.port.cache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Copies that may be lost at any moment, and counters for throttling; one namespace for all
 * replicas.
 *
 * <h2>Entries</h2>
 *
 * A key is 1–200 characters of {@code [a-z0-9:._-]}, a value at most 1 MiB, a time to live 1 ms to
 * 30 days; anything else is refused with an {@link IllegalArgumentException}. An entry may vanish
 * at any time; it is never returned after its time to live, nor after a {@link #remove} that
 * returned before. A put replaces value and time to live. Arrays are copied on the way in and out.
 *
 * <h2>Counters</h2>
 *
 * {@link #add} is atomic among all callers. The time to live counts from the addition that made the
 * counter; later ones do not renew it, and afterwards the counter begins anew. A counter and an
 * entry of the same key have nothing to do with each other: {@link #remove} leaves the counter
 * alone. A counter vanishes early only with the store, or where that is short of memory.
 *
 * <h2>Failures</h2>
 *
 * {@code unavailable} when the server does not answer in time; callers go on without the cache.
 * Thread-safe.
 */
public interface CacheStore {

  /** The value, or null when there is none. */
  byte @Nullable [] get(String key);

  /** Keeps the value for at most this long. */
  void put(String key, byte[] value, Duration timeToLive);

  /** Drops the entry, if there is one. */
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
