package dev.skep.boot;

import dev.skep.common.SkepException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  private final InstantSource clock;
  private final Set<Port> beingAsked = ConcurrentHashMap.newKeySet();
  private State last = new State(List.of(), System.nanoTime() - FRESH.toNanos());

  PortHealth(Drivers drivers, PortStates states, InstantSource clock) {
    this.drivers = drivers;
    this.states = states;
    this.clock = clock;
  }

  /**
   * How a port is.
   *
   * @param latency of the round trip; zero where it is down
   * @param problem why it is down; empty where it is up
   */
  record Check(ChosenDriver chosen, boolean up, Duration latency, String problem, Instant at) {

    Port port() {
      return chosen.port();
    }
  }

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
    Map<Port, Check> answered = new ConcurrentHashMap<>();
    for (ChosenDriver one : drivers.chosen()) {
      // Still waiting for its last answer: it counts as down.
      if (states.isOpen(one.port()) && beingAsked.add(one.port())) {
        Thread.startVirtualThread(
            () -> {
              try {
                answered.put(one.port(), asked(one));
              } finally {
                beingAsked.remove(one.port());
                answers.countDown();
              }
            });
      } else {
        answers.countDown();
      }
    }
    await(answers);
    List<Check> checks = new ArrayList<>();
    for (ChosenDriver one : drivers.chosen()) {
      Check check = answered.get(one.port());
      checks.add(check != null ? check : down(one, whyNotAsked(one.port())));
    }
    return checks;
  }

  private Check asked(ChosenDriver one) {
    long began = System.nanoTime();
    try {
      one.driver().check();
      Duration latency = Duration.ofNanos(System.nanoTime() - began);
      return new Check(one, true, latency, "", clock.instant());
    } catch (SkepException e) {
      return down(one, e.detail());
    } catch (RuntimeException e) {
      return down(one, "a fault of the driver: " + e.getClass().getSimpleName());
    }
  }

  private String whyNotAsked(Port port) {
    return switch (states.of(port)) {
      case PortState.Open open -> "no answer within " + PATIENCE.toSeconds() + " s";
      case PortState.Waiting waiting -> "not open yet: " + waiting.reason();
      case PortState.Closed closed -> "this replica is stopping";
    };
  }

  private Check down(ChosenDriver one, String problem) {
    return new Check(one, false, Duration.ZERO, problem, clock.instant());
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
