package dev.skep.boot;

import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusBindException;
import io.smallrye.config.ConfigValidationException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How the process ends: with a report where configuration is at fault, else with what happened. */
final class Ending {

  private static final Pattern CONVERSION =
      Pattern.compile("^.*The config property (\\S+) .*threw an Exception whilst being converted ");

  private Ending() {}

  static void because(int exitCode, @Nullable Throwable failure) {
    if (failure != null) {
      say(failure);
    }
    exit(exitCode);
  }

  /** Ends the process; in dev mode, waits for the next change instead. */
  static void exit(int exitCode) {
    ApplicationLifecycleManager.getDefaultExitCodeHandler().accept(exitCode, null);
  }

  /** Ends a process that runs already, in order, with the report. */
  static void late(CannotStart reason) {
    say(reason);
    Quarkus.asyncExit(1);
  }

  static void say(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case CannotStart cannot -> {
          System.err.println(cannot.report().text());
          return;
        }
        case QuarkusBindException taken -> {
          System.err.println(Report.of(List.of(taken(taken))).text());
          return;
        }
        case ConfigValidationException wrong -> {
          System.err.println(Report.of(messages(wrong)).text());
          return;
        }
        default -> {
          // the reason may be further down
        }
      }
    }
    // Not through the logger, which may not have been set up yet and would keep it to itself.
    System.err.println("Skep cannot start. This should not happen; please report it:");
    failure.printStackTrace(System.err);
  }

  /** Of keys that are not Skep's own: {@code key: why not}, where the message is of that kind. */
  private static List<String> messages(ConfigValidationException wrong) {
    return IntStream.range(0, wrong.getProblemCount())
        .mapToObj(i -> wrong.getProblem(i).getMessage())
        .map(message -> CONVERSION.matcher(message).replaceFirst("$1: "))
        .toList();
  }

  private static String taken(QuarkusBindException e) {
    return "quarkus.http.port=%d: cannot listen on %s, perhaps another process does. Choose another with QUARKUS_HTTP_PORT."
        .formatted(e.getPort(), e.getHost());
  }
}
