package dev.skep.boot;

import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One driver from its first try until it is closed. A driver that may succeed later is tried again
 * in the background, with growing pauses, for as long as the replica runs. Thread-safe.
 */
final class Opening {

  private static final Logger LOG = Logger.getLogger(Opening.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** An outage of hours shall not fill the log with one sentence. */
  private static final Duration SAME_REASON = Duration.ofMinutes(1);

  private final ChosenDriver one;
  private final PortStates states;
  private final CompletableFuture<Void> firstTry = new CompletableFuture<>();
  private final CompletableFuture<Void> open = new CompletableFuture<>();

  private @Nullable Thread trying;
  private volatile boolean begun;
  private volatile boolean closing;
  private long began;
  private String lastReason = "";
  private long lastTold;

  Opening(ChosenDriver one, PortStates states) {
    this.one = one;
    this.states = states;
  }

  Port port() {
    return one.port();
  }

  /**
   * Completed when the first try is over, whether or not it has succeeded; exceptionally with what
   * ends the process: {@link CannotOpen}, or a fault of the driver.
   */
  CompletableFuture<Void> firstTry() {
    return firstTry;
  }

  /** Completed once the driver is open. */
  CompletableFuture<Void> whenOpen() {
    return open;
  }

  boolean isOpen() {
    return states.isOpen(port());
  }

  /** Makes the first try on this thread, so that a fast driver costs no change of threads. */
  void tryHere() {
    begin();
    if (firstTryFailed()) {
      inBackground(this::goOn);
    }
  }

  /** Makes the first try in the background; {@link #firstTry} tells its end. */
  void tryInBackground() {
    begin();
    inBackground(
        () -> {
          if (firstTryFailed()) {
            goOn();
          }
        });
  }

  private void begin() {
    begun = true;
    began = System.nanoTime();
  }

  private synchronized void inBackground(Runnable tries) {
    if (!closing) {
      // Not a virtual one: opening may load native libraries, which would hold its carrier.
      trying = Thread.ofPlatform().daemon().name("open-" + port().word()).start(tries);
    }
  }

  /** Whether the driver must be tried again. */
  private boolean firstTryFailed() {
    try {
      boolean again = !tried();
      firstTry.complete(null);
      return again;
    } catch (RuntimeException | Error e) {
      firstTry.completeExceptionally(e);
      return false;
    }
  }

  private void goOn() {
    Duration pause = FIRST_PAUSE;
    while (pausedWhileWanted(pause)) {
      try {
        if (tried()) {
          return;
        }
      } catch (CannotOpen e) {
        // At the start this would have ended the process. By now it does useful work without.
        waiting(e.line());
      } catch (SkepException e) {
        waiting(e.detail());
      } catch (RuntimeException | Error e) {
        LOG.errorf(e, "Opening %s failed; it is tried again", port().word());
        waiting("a fault of the driver: " + e.getClass().getSimpleName());
      }
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
  }

  private boolean tried() {
    try {
      one.driver().open();
    } catch (SkepException e) {
      // This machine's own full disk ends the start; a server's may be mended without us.
      if (!e.code().retryable() && one.isEmbedded()) {
        throw e;
      }
      waiting(e.detail());
      return false;
    }
    opened();
    return true;
  }

  private void opened() {
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    synchronized (this) {
      if (closing) {
        return;
      }
      states.set(port(), new PortState.Open(took));
    }
    LOG.info(line(took));
    open.complete(null);
  }

  /** One line of the start-up report. */
  private String line(Duration took) {
    return "%-12s %-10s %-32s %d ms%s"
        .formatted(
            port().word(),
            one.name(),
            one.driver().target(),
            took.toMillis(),
            one.server().map(server -> "  " + server).orElse(""));
  }

  private void waiting(String reason) {
    synchronized (this) {
      if (closing) {
        return;
      }
      states.set(port(), new PortState.Waiting(reason));
    }
    long now = System.nanoTime();
    if (!reason.equals(lastReason) || now - lastTold > SAME_REASON.toNanos()) {
      LOG.warnf(
          "Waiting for %s (%s, %s): %s", port().word(), one.name(), one.driver().target(), reason);
      lastReason = reason;
      lastTold = now;
    }
  }

  private boolean pausedWhileWanted(Duration pause) {
    try {
      // Many replicas wait for the same server: they shall not come back together.
      Thread.sleep(
          Duration.ofNanos(
              (long) (pause.toNanos() * ThreadLocalRandom.current().nextDouble(0.5, 1))));
      return !closing;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /**
   * Closes the driver, or ends the tries. What hangs is left behind after the time; a driver whose
   * {@code open} hangs is closed once that returns.
   */
  void close(Duration within) {
    Thread tries;
    synchronized (this) {
      if (closing) {
        return;
      }
      closing = true;
      states.set(port(), new PortState.Closed());
      tries = trying;
    }
    if (!begun) {
      return;
    }
    if (!Bounded.run("close-" + port().word(), within, () -> closeAfter(tries))) {
      LOG.warnf("Closing %s takes too long; it is left behind", port().word());
    }
  }

  private void closeAfter(@Nullable Thread tries) {
    try {
      if (tries != null) {
        tries.interrupt();
        tries.join();
      }
      one.driver().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warnf(e, "Closing %s failed", port().word());
    }
  }
}
