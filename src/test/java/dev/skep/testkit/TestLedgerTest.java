package dev.skep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
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
  @Tag("P5")
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

  static class Described {

    @TestFactory
    Stream<DynamicTest> each() {
      return Stream.of(DynamicTest.dynamicTest("GET /", () -> {}));
    }
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
    String three = OverThree.class.getName();
    String contract = Contract.Reading.class.getName();
    List<String> lines = Files.readAllLines(file);
    assertThat(lines)
        .containsExactlyInAnyOrder(
            "server\t" + one + "\tsql\tone\tOne 1.0, with TLS",
            "passed\t" + one + "\tReading.works\t" + contract + "\tP5,server",
            "failed\t" + two + "\tfails\t" + two + "\t",
            "skipped\t" + two + "\tisGivenUp\t" + two + "\tno room",
            "skipped\t" + two + "\tisGivenUpInSilence\t" + two + "\t",
            "skipped\t" + two + "\tisDisabled\t" + two + "\ta reason",
            "passed\t" + two + "\tReading.works\t" + contract + "\t",
            "skipped\t" + three + "\t\t" + three + "\tno server on this machine",
            "end");
    assertThat(lines.getLast()).isEqualTo("end");
  }

  @Test
  void callsADynamicTestByItsName() throws Exception {
    Path file = target.resolve("surefire-reports").resolve("ledger.tsv");

    run(file, Described.class);

    assertThat(Files.readAllLines(file).getFirst())
        .startsWith("passed\t" + Described.class.getName() + "\teach.#1 GET /\t");
  }

  @Test
  void leavesOutWhatATestRunsInsideItself() throws Exception {
    Path file = target.resolve("surefire-reports").resolve("ledger.tsv");
    AtomicBoolean isRunning = new AtomicBoolean(true);

    run(new TestLedger(file, isRunning), OverTwo.class);

    assertThat(file).doesNotExist();
    assertThat(isRunning).isTrue();
  }

  private static void run(Path file, Class<?>... classes) {
    run(new TestLedger(file, new AtomicBoolean()), classes);
  }

  /** The ledger of this very run must not hear of it. */
  private static void run(TestLedger ledger, Class<?>... classes) {
    LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
    for (Class<?> each : classes) {
      request.selectors(selectClass(each));
    }
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try {
      LauncherFactory.create(
              LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build())
          .execute(request.build(), ledger);
    } finally {
      System.setOut(out);
    }
  }
}
