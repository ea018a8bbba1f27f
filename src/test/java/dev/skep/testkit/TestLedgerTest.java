package dev.skep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class TestLedgerTest {

  @TempDir Path target;

  /** Two drivers inherit it, and each has a line of its own. */
  abstract static class Contract {

    @Nested
    class Reading {

      @Test
      void works() {}
    }
  }

  @Tag("server")
  static class OverOne extends Contract {

    @BeforeAll
    static void start() {
      System.out.println("[server] sql one One 1.0, with TLS");
      System.out.println("[server] sql, config one a line for two ports is none");
    }
  }

  static class OverTwo extends Contract {

    @Test
    void fails() {
      assertThat(1).isEqualTo(2);
    }

    @Test
    void isGivenUp() {
      Assumptions.abort("\n no room\nin a second line");
    }

    @Test
    void isGivenUpInSilence() {
      Assumptions.assumeTrue(Boolean.getBoolean("no.such.property"));
    }

    @Test
    @Disabled("a reason")
    void isDisabled() {}
  }

  static class OverThree extends Contract {

    @BeforeAll
    static void start() {
      Assumptions.abort("no server on this machine");
    }
  }

  @Test
  void tellsOfEveryTestByTheClassThatWasStarted() throws Exception {
    Path file = target.resolve("surefire-reports").resolve("ledger.tsv");

    run(file, OverOne.class, OverTwo.class, OverThree.class);

    String one = OverOne.class.getName();
    String two = OverTwo.class.getName();
    List<String> lines = Files.readAllLines(file);
    assertThat(lines)
        .containsExactlyInAnyOrder(
            "tagged\t" + one,
            "server\t" + one + "\tsql\tone\tOne 1.0, with TLS",
            "passed\t" + one + "\tReading.works",
            "failed\t" + two + "\tfails",
            "skipped\t" + two + "\tisGivenUp\tno room",
            "skipped\t" + two + "\tisGivenUpInSilence\t",
            "skipped\t" + two + "\tisDisabled\ta reason",
            "passed\t" + two + "\tReading.works",
            "skipped\t" + OverThree.class.getName() + "\t\tno server on this machine",
            "end");
    assertThat(lines.getLast()).isEqualTo("end");
  }

  /** The ledger of this very run must not hear of it. */
  private static void run(Path file, Class<?>... classes) {
    LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
    for (Class<?> each : classes) {
      request.selectors(selectClass(each));
    }
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try {
      LauncherFactory.create(
              LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build())
          .execute(request.build(), new TestLedger(file));
    } finally {
      System.setOut(out);
    }
  }
}
