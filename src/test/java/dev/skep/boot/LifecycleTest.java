package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.uuid.Generators;
import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.SkepException;
import dev.skep.domain.cluster.Heartbeats;
import dev.skep.domain.identity.Bootstrap;
import dev.skep.domain.settings.CurrentSettings;
import dev.skep.port.Driver;
import dev.skep.port.config.ConfigStore;
import dev.skep.port.config.embedded.EmbeddedConfigStore;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.embedded.EmbeddedSqlStore;
import dev.skep.testkit.Eventually;
import dev.skep.testkit.Wiring;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replica whose {@code sql} and {@code config} are servers that can be away: the embedded stores
 * behind a driver that refuses to open.
 */
class LifecycleTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path data;

  private final PortStates states = new PortStates();
  private final PortCalls calls = calls(states);
  private final List<String> diary = new CopyOnWriteArrayList<>();
  private final Wiring wiring = new Wiring();

  private Away sql;
  private Away config;
  private Lifecycle lifecycle;

  @BeforeEach
  void build() {
    wiring.configure("skep.data", data.toString());
    wiring.configure("skep.admin.password", "a password of the test");
    EmbeddedSqlStore tables = wiring.get(EmbeddedSqlStore.class);
    EmbeddedConfigStore settings = wiring.get(EmbeddedConfigStore.class);
    sql = new Away(tables);
    config = new Away(settings);
    wiring
        .give(SqlStore.class, calls.guarded(Port.SQL, SqlStore.class, tables))
        .give(ConfigStore.class, calls.guarded(Port.CONFIG, ConfigStore.class, settings))
        .give(InstantSource.class, InstantSource.system())
        .give(Ids.class, (Ids) Generators.timeBasedEpochGenerator()::generate);
    lifecycle = lifecycle(new Note("settings", wiring.get(CurrentSettings.class)::start));
  }

  @AfterEach
  void stop() {
    lifecycle.stop(new ShutdownEvent());
  }

  @Test
  void withAllServersThereTheStartIsOverWhenItReturns() {
    lifecycle.start(new StartupEvent());

    assertThat(lifecycle.isUp()).isTrue();
    assertThat(diary).containsExactly("settings");
    assertThat(wiring.get(Bootstrap.class).isInstalled()).isTrue();
  }

  @Test
  void withoutSqlItStartsAllTheSameAndSaysThatItIsNotReady() {
    sql.away = true;

    lifecycle.start(new StartupEvent());

    assertThat(lifecycle.hasStarted()).isTrue();
    assertThat(lifecycle.isUp()).isFalse();
    assertThat(diary).isEmpty();
    assertThat(new ReplicaAdmission(new Roles("web"), lifecycle, states).refusal())
        .extracting(SkepException::code)
        .isEqualTo(ErrorCode.UNAVAILABLE);
  }

  @Test
  void onceSqlIsThereTheRestOfTheStartFollowsWithoutARestart() {
    sql.away = true;
    lifecycle.start(new StartupEvent());

    sql.away = false;

    lifecycle.cameUp().orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
    assertThat(lifecycle.isUp()).isTrue();
    assertThat(diary).containsExactly("settings");
    assertThat(wiring.get(Bootstrap.class).isInstalled()).isTrue();
    assertThat(new ReplicaAdmission(new Roles("web"), lifecycle, states).refusal()).isNull();
  }

  @Test
  void withoutConfigItComesUpOnTheLastKnownSettings() {
    lifecycle.start(new StartupEvent());
    setSessionHours("7");
    CurrentSettings before = wiring.get(CurrentSettings.class);
    Eventually.eventually("followed", LONG, () -> before.sessionLife().equals(Duration.ofHours(7)));
    before.stop();
    lifecycle.stop(new ShutdownEvent());

    Wiring second = new Wiring();
    second.configure("skep.data", data.toString());
    EmbeddedSqlStore tables = second.get(EmbeddedSqlStore.class);
    EmbeddedConfigStore settings = second.get(EmbeddedConfigStore.class);
    PortStates later = new PortStates();
    PortCalls laterCalls = calls(later);
    second
        .give(SqlStore.class, laterCalls.guarded(Port.SQL, SqlStore.class, tables))
        .give(ConfigStore.class, laterCalls.guarded(Port.CONFIG, ConfigStore.class, settings));
    Away away = new Away(settings);
    away.away = true;
    Drivers drivers = drivers(later, new Away(tables), away);
    drivers.open(LONG, LONG, e -> diary.add("refused"));
    CurrentSettings current = second.get(CurrentSettings.class);

    current.start();

    assertThat(current.sessionLife()).isEqualTo(Duration.ofHours(7));
    current.stop();
    drivers.close(LONG);
  }

  @Test
  void aStepThatAStoreFailsIsTakenUpAgainAndTheOthersAreNotRepeated() {
    int[] failures = {2};
    lifecycle =
        lifecycle(
            new Note("first", () -> {}),
            new Note(
                "second",
                () -> {
                  if (failures[0]-- > 0) {
                    throw new SkepException(ErrorCode.UNAVAILABLE, "away for a moment");
                  }
                }));

    lifecycle.start(new StartupEvent());

    lifecycle.cameUp().orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
    assertThat(diary).containsExactly("first", "second", "second", "second");
  }

  @Test
  void aReplicaWithoutTheRoleWebTakesNoRequestsEvenWhenItIsUp() {
    lifecycle.start(new StartupEvent());

    assertThat(new ReplicaAdmission(new Roles("worker"), lifecycle, states).refusal())
        .extracting(SkepException::detail)
        .asString()
        .contains("skep.roles");
    assertThat(new ReplicaAdmission(new Roles("worker, web"), lifecycle, states).refusal())
        .isNull();
  }

  @Test
  void itEntersAmongTheReplicasAndLeavesThem() {
    lifecycle.start(new StartupEvent());

    assertThat(wiring.get(Heartbeats.class).all())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row.drivers())
                    .contains("sql=server", "objects=server", "config=server"));

    lifecycle.stop(new ShutdownEvent());
    EmbeddedSqlStore again =
        new Wiring().configure("skep.data", data.toString()).get(EmbeddedSqlStore.class);
    again.open();
    assertThat(new Heartbeats(again, InstantSource.system()).all()).isEmpty();
    again.close();
  }

  @Test
  void aStopWhileItWaitsEndsAtOnceAndStartsNothing() throws InterruptedException {
    sql.away = true;
    lifecycle.start(new StartupEvent());

    long began = System.nanoTime();
    lifecycle.stop(new ShutdownEvent());

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
    sql.away = false;
    Thread.sleep(300);
    assertThat(diary).isEmpty();
    assertThat(lifecycle.hasStarted()).isFalse();
  }

  @Test
  void theFirstStartOnSharedTablesNeedsAPassword() {
    Wiring without = new Wiring();
    without.configure("skep.data", data.toString());
    FirstSignIn firstSignIn =
        new FirstSignIn(without.get(SkepConfig.class), onServers(), wiring.get(Bootstrap.class));
    lifecycle =
        new Lifecycle(
            wiring.get(SkepConfig.class),
            onServers(),
            drivers(states, sql, config),
            states,
            new AfterSql(neighbours(), firstSignIn, List.of()));

    assertThatThrownBy(() -> lifecycle.start(new StartupEvent()))
        .isInstanceOfSatisfying(
            CannotStart.class,
            e ->
                assertThat(e.report().problems())
                    .containsExactly(
                        "skep.admin.password: missing. The tables of sql hold no user yet: set it, or"
                            + " SKEP_ADMIN_PASSWORD, or name a file that holds it with"
                            + " SKEP_ADMIN_PASSWORD_FILE, for the first start; it is the password of the"
                            + " user admin."));
  }

  private Lifecycle lifecycle(Part... parts) {
    FirstSignIn firstSignIn =
        new FirstSignIn(wiring.get(SkepConfig.class), onServers(), wiring.get(Bootstrap.class));
    return new Lifecycle(
        wiring.get(SkepConfig.class),
        onServers(),
        drivers(states, sql, config),
        states,
        new AfterSql(neighbours(), firstSignIn, List.of(parts)));
  }

  private static PortCalls calls(PortStates states) {
    return new PortCalls(states, new PortMetrics(Optional.empty(), states));
  }

  private Neighbours neighbours() {
    return new Neighbours(
        wiring.get(Heartbeats.class), onServers(), new Self(wiring.get(Ids.class), Instant::now));
  }

  private static Choice onServers() {
    Map<Port, String> drivers = new EnumMap<>(Port.class);
    for (Port port : Port.values()) {
      drivers.put(port, "server");
    }
    return new Choice(drivers);
  }

  private static Drivers drivers(PortStates states, Driver sql, Driver config) {
    return new Drivers(
        List.of(
            new ChosenDriver(Port.SQL, "server", sql),
            new ChosenDriver(Port.CONFIG, "server", config)),
        states);
  }

  private void setSessionHours(String hours) {
    wiring
        .get(ConfigStore.class)
        .set(
            "settings/identity.session-hours",
            hours,
            ConfigStore.ABSENT,
            new ConfigStore.Author("test", InstantSource.system().instant()));
  }

  /** A part that writes down when it is started. */
  private final class Note implements Part {

    private final String name;
    private final Runnable work;

    Note(String name, Runnable work) {
      this.name = name;
      this.work = work;
    }

    @Override
    public void start() {
      diary.add(name);
      work.run();
    }

    @Override
    public void stop() {}
  }

  /** A driver whose server can be away when it is opened. */
  private static final class Away implements Driver {

    private final Driver driver;
    private volatile boolean away;
    private boolean open;

    Away(Driver driver) {
      this.driver = driver;
    }

    @Override
    public void open() {
      if (away) {
        throw new SkepException(ErrorCode.UNAVAILABLE, "nobody answers");
      }
      driver.open();
      open = true;
    }

    @Override
    public String target() {
      return "a server";
    }

    @Override
    public void check() {
      driver.check();
    }

    @Override
    public void close() {
      if (open) {
        driver.close();
      }
    }
  }
}
