package dev.skep.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Counts what passed by the test class that was started, and appends the counts to {@code
 * class-counts.tsv} beside Surefire's reports: those name the contract's nested class, so that one
 * driver's report replaces another's. What a {@link ContractRun} runs on purpose over a broken
 * driver is not counted. Registered for the launcher by its service file.
 */
public final class ClassCounts implements TestExecutionListener {

  /** Where the counts are, relative to the project. */
  public static final Path FILE = Path.of("target", "surefire-reports", "class-counts.tsv");

  private final Map<String, Integer> passed = new TreeMap<>();

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    boolean counts =
        test.isTest()
            && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL
            && !ContractRun.isRunning();
    if (counts) {
      test.getUniqueIdObject().getSegments().stream()
          .filter(segment -> segment.getType().equals("class"))
          .map(UniqueId.Segment::getValue)
          .findFirst()
          .ifPresent(name -> passed.merge(name, 1, Integer::sum));
    }
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan plan) {
    StringBuilder lines = new StringBuilder();
    passed.forEach((name, count) -> lines.append(name).append('\t').append(count).append('\n'));
    if (lines.isEmpty() || !Files.isDirectory(FILE.getParent().getParent())) {
      return;
    }
    try {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
