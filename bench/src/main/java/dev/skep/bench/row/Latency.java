package dev.skep.bench.row;

import dev.skep.bench.Figure;
import dev.skep.bench.Limit;
import dev.skep.bench.Median;
import dev.skep.bench.lab.Load;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Medians and 99th percentiles of rounds, in milliseconds. */
final class Latency {

  private final List<Double> medians = new ArrayList<>();
  private final List<Double> slowest = new ArrayList<>();

  void add(Load.Result result) {
    medians.add(result.quantileMillis(0.5));
    slowest.add(result.quantileMillis(0.99));
  }

  double median() {
    return Median.of(medians);
  }

  double p99() {
    return Median.of(slowest);
  }

  /** The large case beside the small one; the median counts, the percentile informs. */
  static List<Figure> figures(
      String row, String budget, String peer, Latency large, Latency small, Limit limit) {
    return List.of(
        Figure.ofRounds(row, budget + ", median", peer, large.medians, small.medians, "ms", limit),
        new Figure(
            row,
            budget + ", p99",
            peer,
            large.p99(),
            small.p99(),
            "ms",
            Limit.NONE,
            Map.of("skepRounds", large.slowest, "peerRounds", small.slowest)));
  }
}
