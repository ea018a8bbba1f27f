package dev.skep.boot;

import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import dev.skep.port.Driver;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What {@code skep doctor} finds out about one port: opens its driver, asks it once, closes it.
 *
 * @param word what the last column says: {@code ok}, or why there is no answer
 * @param problem what is wrong and how to mend it; empty where nothing is
 */
record Examination(
    ChosenDriver chosen, String latency, String server, String word, String problem) {

  /** Longer than any driver's own patience. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration CLOSING = Duration.ofSeconds(3);

  boolean isWell() {
    return problem.isEmpty();
  }

  static Examination of(ChosenDriver chosen) {
    CompletableFuture<Examination> examined = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("doctor-" + chosen.port().word())
        .start(
            () -> {
              try {
                examined.complete(examine(chosen));
              } catch (Throwable e) {
                examined.completeExceptionally(e);
              }
            });
    try {
      return examined.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      return cause instanceof TimeoutException
          ? failed(
              chosen, "DOWN", "no answer within " + PATIENCE.toSeconds() + " s. " + mend(chosen))
          : failed(chosen, "FAULT", "a fault of the driver, please report it: " + place(cause));
    }
  }

  /** A driver that is not opened, since another process or nobody yet has what it works on. */
  static Examination untouched(ChosenDriver chosen, String word) {
    return new Examination(chosen, "", "", word, "");
  }

  private static Examination examine(ChosenDriver chosen) {
    Driver driver = chosen.driver();
    try {
      driver.open();
      long began = System.nanoTime();
      driver.check();
      double millis = (System.nanoTime() - began) / 1e6;
      return new Examination(
          chosen,
          String.format(Locale.ROOT, "%.1f ms", millis),
          chosen.server().orElse(""),
          "ok",
          "");
    } catch (CannotOpen e) {
      return failed(chosen, "WRONG", e.line());
    } catch (SkepException e) {
      return failed(chosen, "DOWN", e.detail() + ". " + mend(chosen));
    } finally {
      close(driver);
    }
  }

  /** Without its message, which may repeat a setting. */
  private static String place(Throwable fault) {
    StackTraceElement[] frames = fault.getStackTrace();
    return fault.getClass().getName() + (frames.length == 0 ? "" : " at " + frames[0]);
  }

  private static Examination failed(ChosenDriver chosen, String word, String problem) {
    return new Examination(chosen, "", "", word, problem);
  }

  private static String mend(ChosenDriver chosen) {
    String keys = "skep." + chosen.port().word() + "." + chosen.name();
    return chosen.isEmbedded()
        ? keys + ".* names the folder: look at its disk"
        : "Is %s running, and reachable from here? %s.* says where and how; docs/drivers/%s-%s.md what it needs"
            .formatted(chosen.driver().target(), keys, chosen.port().word(), chosen.name());
  }

  /** A driver that cannot even be closed shall not keep the answer back. */
  private static void close(Driver driver) {
    var closed =
        Bounded.run(
            "doctor-closes",
            CLOSING,
            () -> {
              try {
                driver.close();
              } catch (RuntimeException e) {
                // What matters was found out before.
              }
            });
    assert closed || CLOSING.isPositive();
  }
}
