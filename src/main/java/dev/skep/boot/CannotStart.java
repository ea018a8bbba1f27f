package dev.skep.boot;

import java.util.List;

/** The process cannot start; it ends with a {@link Report} of these problems. */
final class CannotStart extends RuntimeException {

  private final List<String> problems;

  CannotStart(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  Report report() {
    return Report.of(problems);
  }
}
