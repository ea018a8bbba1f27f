package dev.skep.bench;

import java.util.List;

/** The middle of a few rounds. */
public final class Median {

  private Median() {}

  /** NaN of none. */
  public static double of(List<Double> rounds) {
    if (rounds.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = rounds.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
