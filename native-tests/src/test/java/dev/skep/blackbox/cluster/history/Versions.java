package dev.skep.blackbox.cluster.history;

import dev.skep.blackbox.cluster.history.Operation.Write;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A file keeps every content that was acknowledged as a version, once and in the order of its
 * writes, and none that was refused. So a write that was lost is found also when another came after
 * it.
 */
final class Versions implements Checker.Rule {

  @Override
  public void check(History history, Found found, Consumer<String> violated) {
    Map<String, List<Write>> writes = history.writes();
    found.versions.forEach(
        (register, digests) ->
            compare(
                digests,
                writes.getOrDefault(register, List.of()),
                what -> violated.accept(register + ": " + what)));
  }

  private static void compare(List<String> digests, List<Write> writes, Consumer<String> violated) {
    Map<String, Integer> places = new HashMap<>();
    Set<String> twice = new HashSet<>();
    for (int place = 0; place < digests.size(); place++) {
      if (places.putIfAbsent(digests.get(place), place) != null) {
        twice.add(digests.get(place));
      }
    }
    Set<String> known = new HashSet<>();
    int last = -1;
    for (Write write : writes) {
      known.add(write.value());
      Integer place = places.get(write.value());
      if (write.outcome() == Outcome.DONE && place == null && isContent(write)) {
        violated.accept("lost " + write);
      }
      if (write.outcome() == Outcome.REFUSED && place != null) {
        violated.accept("refused, but there: " + write);
      }
      if (twice.contains(write.value()) && !write.late()) {
        violated.accept("there more than once: " + write);
      }
      if (write.outcome() == Outcome.DONE && place != null && !write.late()) {
        if (place < last) {
          violated.accept("not in its place (%d after %d): %s".formatted(place, last, write));
        }
        last = place;
      }
    }
    digests.stream()
        .filter(digest -> !known.contains(digest))
        .forEach(digest -> violated.accept("nobody wrote " + digest));
  }

  private static boolean isContent(Write write) {
    return !write.value().equals(Operation.NOTHING);
  }
}
