package dev.skep.bench;

import java.util.ArrayList;
import java.util.List;

/** What the rows have found so far. */
public final class Report {

  /** A row that could not be measured. */
  public record Failure(String row, String reason) {}

  private final List<Figure> figures = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private final List<String> notShown = new ArrayList<>();

  public void add(Figure figure) {
    figures.add(figure);
  }

  /** A budget that this run does not show, and why. */
  public void notShown(String sentence) {
    notShown.add(sentence);
  }

  void failed(String row, String reason) {
    failures.add(new Failure(row, reason));
  }

  List<Figure> figures() {
    return List.copyOf(figures);
  }

  List<Failure> failures() {
    return List.copyOf(failures);
  }

  List<String> notShown() {
    return List.copyOf(notShown);
  }
}
