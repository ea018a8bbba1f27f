package dev.skep.boot;

import dev.skep.domain.cluster.Heartbeat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether two replicas on the same tables may run side by side (P23): they must have the same
 * driver for every port, and none that keeps its data on one machine.
 */
record Mixture(Choice own, Catalogue catalogue) {

  /** How a heartbeat names the drivers of a replica: {@code sql=mysql objects=s3}. */
  static String drivers(Choice choice) {
    List<String> words = new ArrayList<>();
    choice.drivers().forEach((port, driver) -> words.add(port.word() + "=" + driver));
    return String.join(" ", words);
  }

  boolean isExcludedBy(Heartbeat other) {
    return !problems(other).isEmpty();
  }

  /** What is wrong with running beside the other, by key. */
  List<String> problems(Heartbeat other) {
    Map<String, String> others = parsed(other.drivers());
    List<String> problems = new ArrayList<>();
    own.drivers()
        .forEach(
            (port, driver) ->
                // A port that the other's version does not know holds nothing of both.
                Optional.ofNullable(others.get(port.word()))
                    .flatMap(theirs -> problem(port, driver, theirs, other))
                    .ifPresent(problems::add));
    return problems;
  }

  private Optional<String> problem(Port port, String own, String theirs, Heartbeat other) {
    if (own.equals(theirs) && !own.equals(DriverSet.EMBEDDED.word())) {
      return Optional.empty();
    }
    String what =
        own.equals(theirs)
            ? "so does replica %s, and neither would see what the other keeps"
            : "replica %s, which runs on the same tables of sql, has " + theirs;
    return Optional.of(
        (port.driverKey()
                + "="
                + own
                + ": "
                + what
                + ". Replicas side by side need one driver"
                + " that they share: %s. Set it for all of them, or stop the other one first.")
            .formatted(other.replica(), shared(port)));
  }

  private String shared(Port port) {
    List<String> names =
        catalogue.names(port).stream()
            .filter(name -> !name.equals(DriverSet.EMBEDDED.word()))
            .toList();
    return names.isEmpty() ? "there is none yet" : String.join(" or ", names);
  }

  private static Map<String, String> parsed(String drivers) {
    Map<String, String> parsed = new LinkedHashMap<>();
    for (String word : drivers.split(" ")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        parsed.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return parsed;
  }
}
