package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

  @Test
  void oneProblem() {
    assertThat(Report.of(List.of("skep.data: the folder data is in use.")).text())
        .isEqualTo(
            """
            Skep cannot start: one problem.

              skep.data: the folder data is in use.

            docs/configuration.md lists every key.""");
  }

  @Test
  void severalProblemsAndTheLineThatWorksWithoutAnyConfiguration() {
    assertThat(new Report(List.of("a: wrong.", "b: missing."), true).text())
        .isEqualTo(
            """
            Skep cannot start: 2 problems.

              a: wrong.
              b: missing.

            docs/configuration.md lists every key.
            To start on this machine alone, with nothing else to install:
              skep serve --embedded""");
  }
}
