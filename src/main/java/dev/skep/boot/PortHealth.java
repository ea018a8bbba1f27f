package dev.skep.boot;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Which ports answer. Each is asked on a thread of its own, so that one that hangs delays no other;
 * an answer counts for a second, since anybody may ask for it.
 */
@Singleton
final class PortHealth {

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final Drivers drivers;
  private final PortStates states;
  private final Set<Port> beingAsked = ConcurrentHashMap.newKeySet();
  private State last = new State(List.of(), System.nanoTime() - FRESH.toNanos());

  PortHealth(Drivers drivers, PortStates states) {
    this.drivers = drivers;
    this.states = states;
  }

  /** A port and whether it answered. */
  record Check(Port port, boolean up) {}

  private record State(List<Check> checks, long at) {}

  synchronized List<Check> checks() {
    if (System.nanoTime() - last.at() >= FRESH.toNanos()) {
      List<Check> checks = ask();
      last = new State(checks, System.nanoTime());
    }
    return last.checks();
  }

  private List<Check> ask() {
    CountDownLatch answers = new CountDownLatch(drivers.chosen().size());
    Set<Port> up = ConcurrentHashMap.newKeySet();
    for (ChosenDriver one : drivers.chosen()) {
      // Not open yet, or still waiting for its last answer: it counts as down.
      if (!states.isOpen(one.port()) || !beingAsked.add(one.port())) {
        answers.countDown();
        continue;
      }
      Thread.startVirtualThread(
          () -> {
            try {
              one.driver().check();
              up.add(one.port());
            } catch (RuntimeException e) {
              // down: that is the answer
            } finally {
              beingAsked.remove(one.port());
              answers.countDown();
            }
          });
    }
    await(answers);
    List<Check> checks = new ArrayList<>();
    drivers.chosen().forEach(one -> checks.add(new Check(one.port(), up.contains(one.port()))));
    return checks;
  }

  private static void await(CountDownLatch answers) {
    try {
      var allInTime = answers.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      assert allInTime || answers.getCount() > 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
