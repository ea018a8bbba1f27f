package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.Driver;
import java.time.Duration;
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
        .containsExactly(
            new PortHealth.Check(Port.SQL, true), new PortHealth.Check(Port.OBJECTS, false));
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
        .containsExactly(
            new PortHealth.Check(Port.SQL, true), new PortHealth.Check(Port.OBJECTS, false));
    forEver.countDown();
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
    return new PortHealth(new Drivers(chosen, states), states);
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
