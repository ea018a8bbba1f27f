package dev.skep.domain.cluster;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The shards of duties that a replica holds, as it tells others: {@code answers=0 sweeper=1,2}. */
public record HeldShards(Map<String, Set<Integer>> byDuty) {

  /** The attribute of a replica in the registry. */
  public static final String ATTRIBUTE = "duties";

  public String text() {
    return byDuty.entrySet().stream()
        .filter(duty -> !duty.getValue().isEmpty())
        .map(duty -> duty.getKey() + "=" + shards(duty.getValue()))
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private static String shards(Set<Integer> shards) {
    return shards.stream().sorted().map(Object::toString).collect(Collectors.joining(","));
  }

  /** What another replica tells; what this version does not understand is left out. */
  static HeldShards parse(String text) {
    Map<String, Set<Integer>> byDuty = new TreeMap<>();
    for (String word : text.split(" ")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        byDuty.put(word.substring(0, equals), numbers(word.substring(equals + 1)));
      }
    }
    return new HeldShards(byDuty);
  }

  private static Set<Integer> numbers(String text) {
    return Arrays.stream(text.split(","))
        .filter(number -> number.matches("[0-9]{1,4}"))
        .map(Integer::valueOf)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
