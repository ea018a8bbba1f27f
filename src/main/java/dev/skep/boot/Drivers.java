package dev.skep.boot;

import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens the chosen drivers and closes them in the reverse order of their ports. Embedded ones open
 * one after the other on the calling thread, those of servers beside them, each on its own.
 */
final class Drivers {

  private final List<ChosenDriver> chosen;
  private final List<Opening> openings;

  Drivers(List<ChosenDriver> chosen, PortStates states) {
    this.chosen = chosen.stream().sorted(Comparator.comparing(ChosenDriver::port)).toList();
    this.openings = this.chosen.stream().map(one -> new Opening(one, states)).toList();
  }

  List<ChosenDriver> chosen() {
    return chosen;
  }

  /**
   * Tries all for the first time; those that may succeed later go on in the background.
   *
   * @param patience how long to wait for first tries
   * @param toClose how long closing may take where this throws
   * @param tooLate takes the problem that a first try finds after the patience is over
   * @throws CannotStart with the problems of all drivers that can never succeed; nothing is open
   *     then
   */
  void open(Duration patience, Duration toClose, Consumer<CannotStart> tooLate) {
    for (int i = 0; i < openings.size(); i++) {
      if (!chosen.get(i).isEmbedded()) {
        openings.get(i).tryInBackground();
      }
    }
    for (int i = 0; i < openings.size(); i++) {
      if (chosen.get(i).isEmbedded()) {
        openings.get(i).tryHere();
      }
    }
    List<String> problems = new ArrayList<>();
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      for (Opening opening : openings) {
        if (!awaited(opening, deadline, problems)) {
          opening.firstTry().whenComplete((done, failure) -> tellLate(failure, tooLate));
        }
      }
    } catch (RuntimeException | Error e) {
      close(toClose);
      throw e;
    }
    if (!problems.isEmpty()) {
      close(toClose);
      throw new CannotStart(problems);
    }
  }

  /** Completed once the port's driver is open. */
  CompletableFuture<Void> whenOpen(Port port) {
    return openings.stream()
        .filter(opening -> opening.port() == port)
        .findFirst()
        .orElseThrow()
        .whenOpen();
  }

  /**
   * Closes what was opened, within the time, of which each gets a fair share of what is left: a
   * failing or hanging one does not stop the others. Called once.
   */
  void close(Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    int waiting = openings.size();
    for (Opening opening : openings.reversed()) {
      long left = Math.max(deadline - System.nanoTime(), 0);
      opening.close(Duration.ofNanos(left / waiting));
      waiting--;
    }
  }

  /** Whether the first try is over; adds what it found wrong. */
  private static boolean awaited(Opening opening, long deadline, List<String> problems) {
    try {
      opening.firstTry().get(Math.max(deadline - System.nanoTime(), 0), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while opening the drivers", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case CannotOpen cannot -> problems.add(cannot.line());
        case RuntimeException fault -> throw fault;
        case Error fault -> throw fault;
        case null, default -> throw new IllegalStateException(e);
      }
      return true;
    }
  }

  private static void tellLate(@Nullable Throwable failure, Consumer<CannotStart> tooLate) {
    switch (failure) {
      case null -> {}
      case CannotOpen cannot -> tooLate.accept(new CannotStart(List.of(cannot.line())));
      case SkepException refused -> tooLate.accept(new CannotStart(List.of(refused.detail())));
      default -> tooLate.accept(new CannotStart(List.of("a fault of Skep: " + failure)));
    }
  }
}
