package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.CannotOpen;
import dev.skep.port.Driver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriversTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<String> diary = Collections.synchronizedList(new ArrayList<>());

  @Test
  void openedInTheOrderOfThePortsAndClosedInTheReverse() {
    Drivers drivers = drivers(new Fake(Port.CACHE), new Fake(Port.SQL), new Fake(Port.OBJECTS));

    drivers.open(LONG);
    drivers.close(LONG);

    assertThat(diary)
        .containsExactly(
            "open sql", "open objects", "open cache", "close cache", "close objects", "close sql");
  }

  @Test
  void theLineOfAnOpenedDriverNamesPortDriverTargetAndTime() {
    Drivers.Opened opened = drivers(new Fake(Port.SQL)).open(LONG).getFirst();

    assertThat(opened.line()).matches("sql +embedded +the target of sql +\\d+ ms");
  }

  @Test
  void allThatCannotOpenAreToldAtOnceAndNothingStaysOpen() {
    Drivers drivers =
        drivers(
            new Fake(Port.SQL).cannotOpen("is read-only"),
            new Fake(Port.OBJECTS),
            new Fake(Port.CONFIG).cannotOpen("is of a newer version"));

    assertThatThrownBy(() -> drivers.open(LONG))
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
  }

  @Test
  void aDriverThatMaySucceedLaterIsTriedAgain() {
    drivers(new Fake(Port.SQL).unavailable(2), new Fake(Port.OBJECTS)).open(LONG);

    assertThat(diary).containsExactly("open sql", "open sql", "open sql", "open objects");
  }

  @Test
  void anUnexpectedFailureClosesWhatWasOpened() {
    IllegalStateException failure = new IllegalStateException("a bug");
    Drivers drivers = drivers(new Fake(Port.SQL), new Fake(Port.OBJECTS).failing(failure));

    assertThatThrownBy(() -> drivers.open(LONG)).isSameAs(failure);
    assertThat(diary).containsExactly("open sql", "open objects", "close objects", "close sql");
  }

  @Test
  void aFailingCloseDoesNotStopTheOthers() {
    Drivers drivers =
        drivers(new Fake(Port.SQL), new Fake(Port.OBJECTS).failingToClose(), new Fake(Port.CACHE));
    drivers.open(LONG);

    drivers.close(LONG);

    assertThat(diary).endsWith("close cache", "close objects", "close sql");
  }

  @Test
  void aHangingCloseIsLeftBehindWhenTheTimeIsOver() {
    Drivers drivers = drivers(new Fake(Port.SQL), new Fake(Port.OBJECTS).hangingWhenClosed());
    drivers.open(LONG);

    drivers.close(Duration.ofMillis(500));

    assertThat(diary).endsWith("close objects", "close sql");
  }

  @Test
  void nothingIsClosedTwice() {
    Drivers drivers = drivers(new Fake(Port.SQL));
    drivers.open(LONG);

    drivers.close(LONG);
    drivers.close(LONG);

    assertThat(diary).containsExactly("open sql", "close sql");
  }

  private static Drivers drivers(Fake... fakes) {
    return new Drivers(
        List.of(fakes).stream()
            .map(fake -> new ChosenDriver(fake.port, "embedded", fake))
            .toList());
  }

  private final class Fake implements Driver {

    private final Port port;
    private RuntimeException failure;
    private int failures;
    private Runnable closing = () -> {};

    Fake(Port port) {
      this.port = port;
    }

    Fake cannotOpen(String detail) {
      return failing(new CannotOpen("skep." + port.word() + ".embedded.folder", detail, null));
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
      if (failures > 0) {
        failures--;
        throw failure;
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
