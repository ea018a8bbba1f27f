package dev.skep.bench;

import java.util.List;
import java.util.Map;

/**
 * One line of the table.
 *
 * @param row the name it is measured by
 * @param budget what is measured
 * @param peer beside what; empty when there is nothing beside it
 * @param skep Skep's figure
 * @param other the peer's; NaN when there is none
 * @param details further figures for the JSON, such as each round
 */
public record Figure(
    String row,
    String budget,
    String peer,
    double skep,
    double other,
    String unit,
    Limit limit,
    Map<String, Object> details) {

  /** Medians of rounds, with the rounds kept as details. */
  public static Figure ofRounds(
      String row,
      String budget,
      String peer,
      List<Double> skep,
      List<Double> other,
      String unit,
      Limit limit) {
    return new Figure(
        row,
        budget,
        peer,
        Median.of(skep),
        Median.of(other),
        unit,
        limit,
        Map.of("skepRounds", skep, "peerRounds", other));
  }

  public double ratio() {
    return skep / other;
  }

  public boolean isMet() {
    return limit.isMet(skep, other);
  }

  String verdict() {
    if (limit instanceof Limit.None) {
      return "";
    }
    return isMet() ? "met" : "MISSED";
  }
}
