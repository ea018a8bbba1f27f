package dev.skep.boot;

import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jboss.logging.Logger;

/** Opens the chosen drivers in the order of their ports and closes them in the reverse. */
final class Drivers {

  private static final Logger LOG = Logger.getLogger(Drivers.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final List<ChosenDriver> chosen;
  private final List<ChosenDriver> touched = new ArrayList<>();

  Drivers(List<ChosenDriver> chosen) {
    this.chosen = chosen.stream().sorted(Comparator.comparing(ChosenDriver::port)).toList();
  }

  /** A driver that was opened, and how long that took. */
  record Opened(ChosenDriver chosen, Duration took) {

    /** One line of the start-up report. */
    String line() {
      return "%-12s %-10s %-32s %d ms"
          .formatted(
              chosen.port().word(), chosen.name(), chosen.driver().target(), took.toMillis());
    }
  }

  List<ChosenDriver> chosen() {
    return chosen;
  }

  /**
   * Opens all; tries again for as long as a driver says that it may succeed later.
   *
   * @throws CannotStart with the problems of all drivers that can never succeed; nothing is open
   *     then
   */
  List<Opened> open(Duration toClose) {
    List<Opened> opened = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    try {
      for (ChosenDriver one : chosen) {
        try {
          opened.add(open(one));
        } catch (CannotOpen e) {
          problems.add(e.line());
        }
      }
    } catch (RuntimeException e) {
      close(toClose);
      throw e;
    }
    if (!problems.isEmpty()) {
      close(toClose);
      throw new CannotStart(problems);
    }
    return opened;
  }

  /**
   * Closes what was opened, within the time, of which each gets a fair share of what is left: a
   * failing or hanging one does not stop the others.
   */
  void close(Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    int waiting = touched.size();
    for (ChosenDriver one : touched.reversed()) {
      long left = Math.max(deadline - System.nanoTime(), 0);
      close(one, Duration.ofNanos(left / waiting));
      waiting--;
    }
    touched.clear();
  }

  private Opened open(ChosenDriver one) {
    touched.add(one);
    long began = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        one.driver().open();
        return new Opened(one, Duration.ofNanos(System.nanoTime() - began));
      } catch (SkepException e) {
        if (!e.code().retryable()) {
          throw e;
        }
        LOG.warnf("Waiting for %s (%s): %s", one.port().word(), one.driver().target(), e.detail());
        sleep(pause);
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      }
    }
  }

  private static void close(ChosenDriver one, Duration within) {
    Thread closing =
        Thread.ofPlatform()
            .daemon()
            .name("close-" + one.port().word())
            .start(
                () -> {
                  try {
                    one.driver().close();
                  } catch (RuntimeException e) {
                    LOG.warnf(e, "Closing %s failed", one.port().word());
                  }
                });
    try {
      if (!closing.join(within)) {
        LOG.warnf("Closing %s takes too long; it is left behind", one.port().word());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while opening the drivers", e);
    }
  }
}
