package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import dev.skep.port.Driver;
import dev.skep.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DriversTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private static final int ALWAYS = Integer.MAX_VALUE;

  private final List<String> diary = Collections.synchronizedList(new ArrayList<>());
  private final List<CannotStart> tooLate = new CopyOnWriteArrayList<>();
  private final PortStates states = new PortStates();

  @Test
  void embeddedOnesAreOpenedInTheOrderOfThePortsAndClosedInTheReverse() {
    Drivers drivers = drivers(new Fake(Port.CACHE), new Fake(Port.SQL), new Fake(Port.OBJECTS));

    open(drivers);
    drivers.close(LONG);

    assertThat(diary)
        .containsExactly(
            "open sql", "open objects", "open cache", "close cache", "close objects", "close sql");
  }

  @Test
  void allThatCannotOpenAreToldAtOnceAndNothingStaysOpen() {
    Drivers drivers =
        drivers(
            new Fake(Port.SQL).cannotOpen("is read-only"),
            new Fake(Port.OBJECTS),
            new Fake(Port.CONFIG).cannotOpen("is of a newer version"));

    assertThatThrownBy(() -> open(drivers))
        .isInstanceOfSatisfying(
            CannotStart.class,
            e ->
                assertThat(e.report().problems())
                    .containsExactly(
                        "skep.sql.embedded.folder: is read-only",
                        "skep.config.embedded.folder: is of a newer version"));
    assertThat(diary)
        .containsExactly(
            "open sql",
            "open objects",
            "open config",
            "close config",
            "close objects",
            "close sql");
    assertThat(states.of(Port.OBJECTS)).isEqualTo(new PortState.Closed());
  }

  @Test
  void aServersDriverThatCanNeverOpenEndsTheStartAtItsFirstTry() {
    Drivers drivers =
        drivers(
            new Fake(Port.SQL),
            new Fake(Port.CACHE).ofAServer().cannotOpen("the password is wrong"),
            new Fake(Port.COORDINATOR).ofAServer().unavailable(ALWAYS));

    assertThatThrownBy(() -> open(drivers))
        .isInstanceOfSatisfying(
            CannotStart.class,
            e ->
                assertThat(e.report().problems())
                    .containsExactly("skep.cache.embedded.folder: the password is wrong"));
    assertThat(diary).contains("close cache", "close coordinator", "close sql");
  }

  @Test
  void aDriverThatMaySucceedLaterHoldsNothingUpAndIsTriedInTheBackground() {
    Fake server = new Fake(Port.CONFIG).ofAServer().unavailable(3);
    Drivers drivers = drivers(new Fake(Port.SQL), server);

    open(drivers);

    assertThat(states.isOpen(Port.SQL)).isTrue();
    assertThat(states.of(Port.CONFIG)).isInstanceOf(PortState.Waiting.class);
    drivers.whenOpen(Port.CONFIG).orTimeout(30, TimeUnit.SECONDS).join();
    assertThat(states.isOpen(Port.CONFIG)).isTrue();
    assertThat(Collections.frequency(diary, "open config")).isEqualTo(4);
    drivers.close(LONG);
  }

  @Test
  void theStateTellsWhatItWaitsFor() {
    Drivers drivers = drivers(new Fake(Port.SQL).ofAServer().unavailable(ALWAYS));

    open(drivers);

    assertThat(states.of(Port.SQL)).isEqualTo(new PortState.Waiting("not yet"));
    drivers.close(LONG);
    assertThat(states.of(Port.SQL)).isEqualTo(new PortState.Closed());
  }

  @Test
  void aFirstTryThatHangsHoldsTheStartUpNoLongerThanThePatience() {
    CountDownLatch answer = new CountDownLatch(1);
    Drivers drivers = drivers(new Fake(Port.SQL).ofAServer().hangingUntil(answer));

    long began = System.nanoTime();
    drivers.open(Duration.ofMillis(200), LONG, tooLate::add);

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    assertThat(states.isOpen(Port.SQL)).isFalse();
    answer.countDown();
    drivers.whenOpen(Port.SQL).orTimeout(30, TimeUnit.SECONDS).join();
    assertThat(tooLate).isEmpty();
    drivers.close(LONG);
  }

  @Test
  void whatAFirstTryFindsWrongAfterThePatienceStillEndsTheProcess() {
    CountDownLatch answer = new CountDownLatch(1);
    Fake server =
        new Fake(Port.SQL).ofAServer().hangingUntil(answer).cannotOpen("the password is wrong");
    Drivers drivers = drivers(server);
    drivers.open(Duration.ofMillis(50), LONG, tooLate::add);
    assertThat(tooLate).isEmpty();

    answer.countDown();

    Eventually.eventually("the problem is told", LONG, () -> tooLate.size() == 1);
    assertThat(tooLate.getFirst().report().problems())
        .containsExactly("skep.sql.embedded.folder: the password is wrong");
    drivers.close(LONG);
  }

  @Test
  void aServerThatComesBackWithAnotherMindDoesNotEndAReplicaAtWork() {
    Fake server = new Fake(Port.CACHE).ofAServer().unavailable(1).thenCannotOpen(2, "is too old");
    Drivers drivers = drivers(new Fake(Port.SQL), server);

    open(drivers);

    drivers.whenOpen(Port.CACHE).orTimeout(30, TimeUnit.SECONDS).join();
    assertThat(Collections.frequency(diary, "open cache")).isEqualTo(4);
    assertThat(tooLate).isEmpty();
    drivers.close(LONG);
  }

  @Test
  void aStopWhileWaitingEndsTheTriesAndClosesTheDriverOnce() throws InterruptedException {
    Drivers drivers = drivers(new Fake(Port.SQL).ofAServer().unavailable(ALWAYS));
    open(drivers);

    drivers.close(LONG);

    int tries = Collections.frequency(diary, "open sql");
    Thread.sleep(500);
    assertThat(Collections.frequency(diary, "open sql")).isEqualTo(tries);
    assertThat(diary).endsWith("close sql").containsOnlyOnce("close sql");
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("open-sql");
  }

  @Test
  void aDriverThatHangsInOpenIsInterruptedAndClosedAfterIt() {
    CountDownLatch never = new CountDownLatch(1);
    Drivers drivers = drivers(new Fake(Port.SQL).ofAServer().hangingUntil(never));
    drivers.open(Duration.ofMillis(50), LONG, tooLate::add);

    drivers.close(LONG);

    assertThat(diary).containsExactly("open sql", "close sql");
    assertThat(states.of(Port.SQL)).isEqualTo(new PortState.Closed());
  }

  @Test
  void anUnexpectedFailureClosesWhatWasOpened() {
    IllegalStateException failure = new IllegalStateException("a bug");
    Drivers drivers = drivers(new Fake(Port.SQL), new Fake(Port.OBJECTS).failing(failure));

    assertThatThrownBy(() -> open(drivers)).isSameAs(failure);
    assertThat(diary).containsExactly("open sql", "open objects", "close objects", "close sql");
  }

  @Test
  void aFailingCloseDoesNotStopTheOthers() {
    Drivers drivers =
        drivers(new Fake(Port.SQL), new Fake(Port.OBJECTS).failingToClose(), new Fake(Port.CACHE));
    open(drivers);

    drivers.close(LONG);

    assertThat(diary).endsWith("close cache", "close objects", "close sql");
  }

  @Test
  void aHangingCloseIsLeftBehindWhenTheTimeIsOver() {
    Drivers drivers = drivers(new Fake(Port.SQL), new Fake(Port.OBJECTS).hangingWhenClosed());
    open(drivers);

    drivers.close(Duration.ofMillis(500));

    assertThat(diary).endsWith("close objects", "close sql");
  }

  @Test
  void nothingIsClosedTwice() {
    Drivers drivers = drivers(new Fake(Port.SQL));
    open(drivers);

    drivers.close(LONG);
    drivers.close(LONG);

    assertThat(diary).containsExactly("open sql", "close sql");
  }

  private void open(Drivers drivers) {
    drivers.open(LONG, LONG, tooLate::add);
  }

  private Drivers drivers(Fake... fakes) {
    return new Drivers(
        List.of(fakes).stream().map(fake -> new ChosenDriver(fake.port, fake.name, fake)).toList(),
        states);
  }

  private final class Fake implements Driver {

    private final Port port;
    private String name = "embedded";
    private RuntimeException failure;
    private int failures;
    private RuntimeException secondFailure;
    private int secondFailures;
    private CountDownLatch hanging = new CountDownLatch(0);
    private Runnable closing = () -> {};

    Fake(Port port) {
      this.port = port;
    }

    Fake cannotOpen(String detail) {
      return failing(new CannotOpen("skep." + port.word() + ".embedded.folder", detail, null));
    }

    /** Its driver is none of this machine. */
    Fake ofAServer() {
      name = "server";
      return this;
    }

    Fake hangingUntil(CountDownLatch answer) {
      hanging = answer;
      return this;
    }

    Fake thenCannotOpen(int times, String detail) {
      secondFailure = new CannotOpen("skep." + port.word() + ".server.url", detail, null);
      secondFailures = times;
      return this;
    }

    Fake unavailable(int times) {
      failing(new SkepException(ErrorCode.UNAVAILABLE, "not yet"));
      failures = times;
      return this;
    }

    Fake failing(RuntimeException with) {
      failure = with;
      failures = Integer.MAX_VALUE;
      return this;
    }

    Fake failingToClose() {
      closing =
          () -> {
            throw new IllegalStateException("cannot close");
          };
      return this;
    }

    Fake hangingWhenClosed() {
      closing =
          () -> {
            try {
              Thread.sleep(LONG);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          };
      return this;
    }

    @Override
    public void open() {
      diary.add("open " + port.word());
      try {
        hanging.await();
      } catch (InterruptedException e) {
        throw new SkepException(ErrorCode.UNAVAILABLE, "interrupted");
      }
      if (failures > 0) {
        failures--;
        throw failure;
      }
      if (secondFailures > 0) {
        secondFailures--;
        throw secondFailure;
      }
    }

    @Override
    public String target() {
      return "the target of " + port.word();
    }

    @Override
    public void check() {}

    @Override
    public void close() {
      diary.add("close " + port.word());
      closing.run();
    }
  }
}
