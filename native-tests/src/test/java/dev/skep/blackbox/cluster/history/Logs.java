package dev.skep.blackbox.cluster.history;

import dev.skep.blackbox.cluster.Replica;
import java.util.ArrayList;
import java.util.List;

/** What replicas say of themselves: whatever befalls their servers, none fails by itself. */
final class Logs {

  private static final String ERROR = "\"level\":\"ERROR\"";
  private static final int SHOWN = 400;

  private Logs() {}

  /**
   * @param replicas all of the run, also those that were killed
   * @param ended how many ended though nobody killed them
   */
  static List<String> violations(List<Replica> replicas, int ended) {
    List<String> violations = new ArrayList<>();
    if (ended > 0) {
      violations.add("Logs: %d replicas ended by themselves".formatted(ended));
    }
    for (Replica each : replicas) {
      errors(each.skep().output()).forEach(line -> violations.add("Logs: " + each + ": " + line));
    }
    return violations;
  }

  /** The lines that tell of an error, cut. */
  static List<String> errors(String output) {
    return output
        .lines()
        .filter(line -> line.contains(ERROR) || line.contains("OutOfMemoryError"))
        .map(line -> line.substring(0, Math.min(SHOWN, line.length())))
        .toList();
  }
}
