package dev.skep.port.config;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Settings that change at run time.
 *
 * <h2>Keys and values</h2>
 *
 * A key is 1–200 characters of {@code [a-z0-9._/-]}; a value is text of at most 64 KiB of UTF-8.
 * Anything else is refused with an {@link IllegalArgumentException}.
 *
 * <h2>Writing</h2>
 *
 * Each write is a compare-and-set on the key's revision and returns after the store has it durably,
 * or throws. The history is written in the same step: of each key the latest {@value #HISTORY}
 * changes are kept, deletions included. Revisions grow with every write to the store and are never
 * used again, not even after a restart.
 *
 * <h2>Watching</h2>
 *
 * A watcher is called with the whole state under its prefix: once when it begins, then after every
 * change, in order, perhaps several changes at once, never an older state after a newer one. It
 * survives outages and sees the latest state within 15 s after the store is back, deletions
 * included. It runs on a virtual thread of the driver; what it throws is logged and does not end
 * the watch.
 *
 * <h2>Failures</h2>
 *
 * {@code no-space} when the store is full; {@code unavailable} when it does not answer; {@link
 * dev.skep.common.UnknownOutcomeException} when the answer to a write was lost. Thread-safe.
 */
public interface ConfigStore {

  /** How many changes of a key are kept. */
  int HISTORY = 100;

  /** Expected revision of a key that must not exist. */
  long ABSENT = 0;

  @Nullable Entry get(String key);

  /** All entries whose key begins with the prefix, by key. */
  Map<String, Entry> list(String prefix);

  /**
   * Sets the value if the key's revision is the expected one ({@link #ABSENT}: the key does not
   * exist).
   *
   * @return the new entry
   * @throws Conflict when the revision is another
   */
  Entry set(String key, String value, long expected, Author author);

  /**
   * Deletes the key if its revision is the expected one.
   *
   * @throws Conflict when the revision is another or the key does not exist
   */
  void delete(String key, long expected, Author author);

  /** The key's changes, newest first. */
  List<Change> history(String key, int limit);

  /** Calls the watcher until the watch is closed. */
  Watch watch(String prefix, Consumer<Map<String, Entry>> watcher);

  /** A value and the revision of its last write. */
  record Entry(String value, long revision, Author author) {}

  /** Who wrote and when. */
  record Author(String name, java.time.Instant at) {}

  /** One change in a key's history; a value is absent where the key did not exist. */
  record Change(long revision, @Nullable String before, @Nullable String after, Author author) {}

  /** Ends a watch; after {@link #close} returns the watcher is not called again. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /** The key has another revision than expected. */
  final class Conflict extends RuntimeException {
    public Conflict(String key, long expected, long found) {
      super("The key " + key + " has revision " + found + ", not " + expected);
    }
  }
}
