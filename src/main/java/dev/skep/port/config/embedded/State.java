package dev.skep.port.config.embedded;

import dev.skep.port.config.ConfigStore;
import dev.skep.port.config.ConfigStore.Author;
import dev.skep.port.config.ConfigStore.Change;
import dev.skep.port.config.ConfigStore.Conflict;
import dev.skep.port.config.ConfigStore.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All settings at one revision, immutable.
 *
 * @param revision the last one used
 * @param entries by key
 * @param history by key, also of deleted ones, newest first
 */
record State(
    long revision, NavigableMap<String, Entry> entries, Map<String, List<Change>> history) {

  static final State EMPTY = new State(0, new TreeMap<>(), new TreeMap<>());

  State {
    entries = Collections.unmodifiableNavigableMap(entries);
    history = Collections.unmodifiableMap(history);
  }

  SortedMap<String, Entry> under(String prefix) {
    SortedMap<String, Entry> found = new TreeMap<>();
    for (Map.Entry<String, Entry> entry : entries.tailMap(prefix, true).entrySet()) {
      if (!entry.getKey().startsWith(prefix)) {
        break;
      }
      found.put(entry.getKey(), entry.getValue());
    }
    return Collections.unmodifiableSortedMap(found);
  }

  /**
   * The state after one more change.
   *
   * @param value absent to delete the key
   * @throws Conflict when the key has another revision, or is to be deleted and does not exist
   */
  State with(String key, @Nullable String value, long expected, Author author) {
    Entry before = entries.get(key);
    long found = before == null ? ConfigStore.ABSENT : before.revision();
    if (found != expected || (before == null && value == null)) {
      throw new Conflict(key, expected, found);
    }
    long next = revision + 1;
    NavigableMap<String, Entry> changed = new TreeMap<>(entries);
    if (value == null) {
      changed.remove(key);
    } else {
      changed.put(key, new Entry(value, next, author));
    }
    Change change = new Change(next, before == null ? null : before.value(), value, author);
    return new State(next, changed, remembering(key, change));
  }

  private Map<String, List<Change>> remembering(String key, Change change) {
    List<Change> changes = new ArrayList<>();
    changes.add(change);
    history.getOrDefault(key, List.of()).stream()
        .limit(ConfigStore.HISTORY - 1)
        .forEach(changes::add);
    Map<String, List<Change>> all = new TreeMap<>(history);
    all.put(key, List.copyOf(changes));
    return all;
  }
}
