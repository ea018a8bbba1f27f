package dev.skep.testkit;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what happens in the background, generously: a slow machine is no failure. */
public final class Eventually {

  private Eventually() {}

  /** Looks again and again until it is so. */
  public static void eventually(String what, Duration atMost, BooleanSupplier condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("Not within " + atMost + ": " + what);
      }
      pause(Duration.ofMillis(10));
    }
  }

  /** Fails when it becomes so within the time. */
  public static void never(String what, Duration during, BooleanSupplier condition) {
    long deadline = System.nanoTime() + during.toNanos();
    while (System.nanoTime() - deadline < 0) {
      if (condition.getAsBoolean()) {
        throw new AssertionError("It happened: " + what);
      }
      pause(Duration.ofMillis(10));
    }
  }

  public static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }
}
