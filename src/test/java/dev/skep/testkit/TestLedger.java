package dev.skep.testkit;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes down, beside Surefire's reports, what became of each test of each class that was started,
 * and the lines {@code [server] …} and {@code [unproven] …} that the class printed. Surefire's own
 * reports are named by the contract's nested class, so that one driver's report replaces another's,
 * and say nothing of a class that was given up before its first test. What a test runs inside
 * itself, such as a contract over a broken driver, is left out. Registered for the launcher by its
 * service file; {@code dev.skep.TestTable} reads it.
 *
 * <p>Each process has a file of its own. Each line has fields between tabs: {@code passed|failed
 * CLASS TEST DECLARED TAGS}, {@code skipped CLASS TEST DECLARED REASON}, {@code server|unproven
 * CLASS PORT DRIVER TEXT}. CLASS is the class that was started, DECLARED the one whose source has
 * the test, TAGS stand between commas. The last line is {@code end}.
 */
public final class TestLedger implements TestExecutionListener {

  private static final Pattern ANNOUNCEMENT =
      Pattern.compile("\\[(server|unproven)] ([a-z]+) ([a-z0-9]+) (.+)");
  private static final Pattern NO_REASON =
      Pattern.compile("(Assumption failed: )?assumption is (not )?(true|false)");

  /** Of this process: the launcher makes a listener for each run, also for one inside a test. */
  private static final AtomicBoolean RUNNING = new AtomicBoolean();

  private final Path file;
  private final AtomicBoolean isRunning;
  private @Nullable PrintStream plainOut;
  private volatile String running = "";

  /** The ledger of this process' tests. */
  public TestLedger() {
    this(
        Path.of("target", "surefire-reports", "ledger-" + ProcessHandle.current().pid() + ".tsv"),
        RUNNING);
  }

  TestLedger(Path file, AtomicBoolean isRunning) {
    this.file = file;
    this.isRunning = isRunning;
  }

  @Override
  public synchronized void testPlanExecutionStarted(TestPlan plan) {
    if (!isRunning.compareAndSet(false, true)) {
      return;
    }
    plainOut = System.out;
    System.setOut(new Overheard(System.out, this::printed));
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan plan) {
    if (plainOut == null) {
      return;
    }
    System.setOut(plainOut);
    plainOut = null;
    isRunning.set(false);
    write("end");
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    String started = className(test);
    if (plainOut == null || started.isEmpty() || started.equals(running)) {
      return;
    }
    running = started;
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    if (plainOut != null) {
      write("skipped", className(test), testName(test), declared(test), firstLine(reason));
    }
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (plainOut == null) {
      return;
    }
    switch (result.getStatus()) {
      case SUCCESSFUL -> {
        if (test.isTest()) {
          write("passed", className(test), testName(test), declared(test), tags(test));
        }
      }
      case FAILED -> write("failed", className(test), testName(test), declared(test), tags(test));
      case ABORTED ->
          write(
              "skipped",
              className(test),
              testName(test),
              declared(test),
              firstLine(result.getThrowable().map(Throwable::getMessage).orElse("")));
    }
  }

  private void printed(String line) {
    Matcher announcement = ANNOUNCEMENT.matcher(line);
    if (announcement.matches()) {
      write(
          announcement.group(1),
          running,
          announcement.group(2),
          announcement.group(3),
          announcement.group(4).strip());
    }
  }

  /** The class that was started, not the contract's that it inherits. */
  private static String className(TestIdentifier test) {
    return test.getUniqueIdObject().getSegments().stream()
        .filter(segment -> segment.getType().equals("class"))
        .map(UniqueId.Segment::getValue)
        .findFirst()
        .orElse("");
  }

  /** Nested classes, the method and the number of its run or its own name, as far as there are. */
  private static String testName(TestIdentifier test) {
    UniqueId id = test.getUniqueIdObject();
    String name =
        id.getSegments().stream()
            .dropWhile(segment -> !segment.getType().equals("class"))
            .skip(1)
            .map(segment -> segment.getValue().replaceFirst("\\(.*\\)$", ""))
            .collect(Collectors.joining("."));
    boolean isDynamic = id.getLastSegment().getType().equals("dynamic-test");
    return isDynamic ? name + " " + firstLine(test.getDisplayName()) : name;
  }

  /**
   * The class, maybe a nested one, in whose source the test stands; empty where that is unknown.
   */
  private static String declared(TestIdentifier test) {
    return switch (test.getSource().orElse(null)) {
      case MethodSource method -> method.getClassName();
      case ClassSource source -> source.getClassName();
      case null, default -> "";
    };
  }

  /** Its own and those of the classes around it. */
  private static String tags(TestIdentifier test) {
    return test.getTags().stream().map(TestTag::getName).sorted().collect(Collectors.joining(","));
  }

  private static String firstLine(String reason) {
    String line =
        reason
            .lines()
            .map(String::strip)
            .filter(each -> !each.isEmpty())
            .findFirst()
            .orElse("")
            .replace('\t', ' ');
    return NO_REASON.matcher(line).matches() ? "" : line;
  }

  private synchronized void write(String... fields) {
    try {
      if (Files.isDirectory(file.getParent().getParent())) {
        Files.createDirectories(file.getParent());
        Files.writeString(
            file,
            String.join("\t", fields) + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Passes everything on, and tells of each line that is printed as a whole. */
  private static final class Overheard extends PrintStream {

    private final PrintStream to;
    private final Consumer<String> told;

    Overheard(PrintStream to, Consumer<String> told) {
      super(to, true);
      this.to = to;
      this.told = told;
    }

    @Override
    public void println(@Nullable String line) {
      to.println(line);
      if (line != null) {
        told.accept(line);
      }
    }
  }
}
