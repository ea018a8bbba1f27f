package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.Driver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PortHealthTest {

  @Test
  void aPortIsUpWhenItsDriverAnswersAndDownWhenItThrows() {
    PortHealth health =
        health(
            new Asked(() -> {}),
            new Asked(
                () -> {
                  throw new SkepException(ErrorCode.UNAVAILABLE, "away");
                }));

    assertThat(health.checks())
        .extracting(PortHealth.Check::port, PortHealth.Check::up)
        .containsExactly(tuple(Port.SQL, true), tuple(Port.OBJECTS, false));
  }

  @Test
  void aPortThatHangsIsDownAndDelaysNoOther() {
    CountDownLatch forEver = new CountDownLatch(1);
    PortHealth health =
        health(
            new Asked(() -> {}),
            new Asked(
                () -> {
                  try {
                    forEver.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));

    assertThat(health.checks())
        .extracting(PortHealth.Check::port, PortHealth.Check::up)
        .containsExactly(tuple(Port.SQL, true), tuple(Port.OBJECTS, false));
    forEver.countDown();
  }

  @Test
  void aCheckTellsHowLongTheRoundTripTookOrWhatIsWrong() {
    PortHealth health =
        health(
            new Asked(() -> {}),
            new Asked(
                () -> {
                  throw new SkepException(ErrorCode.UNAVAILABLE, "the disk is away");
                }));

    List<PortHealth.Check> checks = health.checks();

    assertThat(checks.get(0).latency()).isPositive();
    assertThat(checks.get(0).problem()).isEmpty();
    assertThat(checks.get(1).problem()).isEqualTo("the disk is away");
  }

  @Test
  void aPortThatIsNotOpenYetIsDownAndNotAsked() {
    PortStates states = new PortStates();
    states.set(Port.SQL, new PortState.Waiting("connection refused"));
    Driver driver =
        new Asked(
            () -> {
              throw new AssertionError("asked");
            });
    Drivers drivers = new Drivers(List.of(new ChosenDriver(Port.SQL, "server", driver)), states);

    assertThat(new PortHealth(drivers, states, InstantSource.system()).checks())
        .singleElement()
        .satisfies(
            check -> {
              assertThat(check.up()).isFalse();
              assertThat(check.problem()).isEqualTo("not open yet: connection refused");
            });
  }

  @Test
  void whoeverAsksOftenDoesNotReachTheStores() {
    AtomicInteger asked = new AtomicInteger();
    PortHealth health = health(new Asked(asked::incrementAndGet));

    for (int i = 0; i < 1_000; i++) {
      health.checks();
    }

    assertThat(asked.get()).isLessThan(100);
  }

  private static PortHealth health(Driver... drivers) {
    Port[] ports = Port.values();
    List<ChosenDriver> chosen = new java.util.ArrayList<>();
    PortStates states = new PortStates();
    for (int i = 0; i < drivers.length; i++) {
      states.set(ports[i], new PortState.Open(Duration.ZERO));
      chosen.add(new ChosenDriver(ports[i], "embedded", drivers[i]));
    }
    return new PortHealth(new Drivers(chosen, states), states, InstantSource.system());
  }

  private record Asked(Runnable answer) implements Driver {
    @Override
    public void open() {}

    @Override
    public String target() {
      return "here";
    }

    @Override
    public void check() {
      answer.run();
    }

    @Override
    public void close() {}
  }
}
