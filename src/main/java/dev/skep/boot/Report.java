package dev.skep.boot;

import java.util.ArrayList;
import java.util.List;

/**
 * Why the process ends instead of starting: all reasons at once, in plain words.
 *
 * @param hint whether to end with the command that works without any configuration
 */
record Report(List<String> problems, boolean hint) {

  Report {
    problems = List.copyOf(problems);
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("A report needs a problem");
    }
  }

  static Report of(List<String> problems) {
    return new Report(problems, false);
  }

  String text() {
    List<String> lines = new ArrayList<>();
    lines.add("Skep cannot start: " + count() + ".");
    lines.add("");
    problems.forEach(problem -> lines.add("  " + problem));
    lines.add("");
    lines.add("docs/configuration.md lists every key.");
    if (hint) {
      lines.add("To start on this machine alone, with nothing else to install:");
      lines.add("  skep serve --embedded");
    }
    return String.join("\n", lines);
  }

  private String count() {
    return problems.size() == 1 ? "one problem" : problems.size() + " problems";
  }
}
