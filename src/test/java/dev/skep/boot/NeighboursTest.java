package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.domain.cluster.Heartbeat;
import dev.skep.domain.cluster.Heartbeats;
import dev.skep.port.sql.SqlStore;
import dev.skep.testkit.Drive;
import dev.skep.testkit.Eventually;
import dev.skep.testkit.Race;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** P23: which replicas may run side by side on the same tables. */
@Tag("P23")
class NeighboursTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  /** Quick, and with room for a slow machine between a beat and death. */
  private static final Neighbours.Pace PACE =
      new Neighbours.Pace(Duration.ofMillis(50), Duration.ofSeconds(2));

  @TempDir Path data;

  private final List<CannotStart> refused = new CopyOnWriteArrayList<>();
  private final List<Neighbours> running = new CopyOnWriteArrayList<>();
  private Drive drive;

  @BeforeEach
  void open() {
    drive = Drive.open(data);
  }

  @AfterEach
  void close() {
    running.forEach(Neighbours::stop);
    drive.close();
  }

  @Test
  void replicasOnTheSameServersRunSideBySide() {
    start(shared());
    start(shared());

    assertThat(heartbeats().all()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Port.class,
      names = {"SQL"},
      mode = EnumSource.Mode.EXCLUDE)
  void aSecondReplicaWithOneEmbeddedPortIsRefusedWithItsKey(Port port) {
    Neighbours first = start(shared());

    assertThatThrownBy(() -> replica(with(port, "embedded")).enter())
        .isInstanceOfSatisfying(
            CannotStart.class,
            e ->
                assertThat(e.report().problems())
                    .singleElement()
                    .asString()
                    .startsWith(port.driverKey() + "=embedded: replica ")
                    .contains("runs on the same tables of sql, has server"));
    assertThat(heartbeats().all()).hasSize(1);
    first.stop();
  }

  @Test
  void aReplicaOnServersIsRefusedBesideOneThatKeepsDataOnItsMachine() {
    start(with(Port.OBJECTS, "embedded"));

    assertThatThrownBy(() -> replica(shared()).enter()).isInstanceOf(CannotStart.class);
  }

  @Test
  void twoWithTheSameEmbeddedPortAreRefusedToo() {
    start(with(Port.OBJECTS, "embedded"));

    assertThatThrownBy(() -> replica(with(Port.OBJECTS, "embedded")).enter())
        .isInstanceOfSatisfying(
            CannotStart.class,
            e ->
                assertThat(e.report().problems())
                    .singleElement()
                    .asString()
                    .startsWith("skep.objects.driver=embedded: so does replica "));
  }

  @Test
  void twoDriversOfServersForOnePortAreRefused() {
    start(with(Port.COORDINATOR, "etcd"));

    assertThatThrownBy(() -> replica(with(Port.COORDINATOR, "zookeeper")).enter())
        .isInstanceOfSatisfying(
            CannotStart.class,
            e ->
                assertThat(e.report().problems())
                    .singleElement()
                    .asString()
                    .startsWith("skep.coordinator.driver=zookeeper: replica ")
                    .contains("has etcd"));
  }

  @Test
  void allProblemsAreToldAtOnce() {
    start(shared());

    assertThatThrownBy(
            () -> replica(with(Map.of(Port.OBJECTS, "embedded", Port.CACHE, "embedded"))).enter())
        .isInstanceOfSatisfying(
            CannotStart.class, e -> assertThat(e.report().problems()).hasSize(2));
  }

  @Test
  void aReplicaThatDiedWithoutAWordIsInTheWayForAWhileOnly() {
    replica(with(Port.OBJECTS, "embedded")).enter(); // and never beats

    replica(shared()).enter();

    assertThat(heartbeats().all())
        .singleElement()
        .extracting(Heartbeat::drivers)
        .asString()
        .contains("objects=server");
  }

  @Test
  void oneThatLeftIsNotInTheWay() {
    start(with(Port.OBJECTS, "embedded")).stop();

    long began = System.nanoTime();
    replica(shared()).enter();

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PACE.dead());
  }

  @Test
  void clocksThatDifferByMinutesChangeNothing() {
    Heartbeats late =
        new Heartbeats(drive.get(SqlStore.class), () -> Instant.now().minus(Duration.ofMinutes(5)));
    Choice embedded = with(Port.OBJECTS, "embedded");
    Neighbours first = new Neighbours(late, embedded, own(embedded), PACE);
    first.enter();
    first.start(refused::add);
    running.add(first);

    assertThatThrownBy(() -> replica(shared()).enter()).isInstanceOf(CannotStart.class);
  }

  @Test
  void ofTwoThatStartAtOnceAndCannotRunTogetherExactlyOneComesUp() throws Exception {
    List<String> drivers = List.of("etcd", "zookeeper");
    for (int round = 0; round < 5; round++) {
      List<Boolean> cameUp = Race.of(2, i -> () -> comesUp(with(Port.COORDINATOR, drivers.get(i))));

      assertThat(cameUp).containsExactlyInAnyOrder(true, false);
      running.forEach(Neighbours::stop);
      running.clear();
    }
  }

  @Test
  void whoWasTakenForDeadEntersAnewWhereItCan() {
    start(shared());
    heartbeats().remove(heartbeats().all());

    Eventually.eventually("entered anew", LONG, () -> heartbeats().all().size() == 1);
    assertThat(refused).isEmpty();
  }

  @Test
  void whoWasTakenForDeadEndsWhereAnotherHasTakenItsPlace() {
    Neighbours paused = replica(with(Port.OBJECTS, "embedded"));
    paused.enter();
    start(shared()); // looks, finds no sign of life, and removes the row

    paused.start(refused::add);
    running.add(paused);

    Eventually.eventually("it ends", LONG, () -> refused.size() == 1);
    assertThat(refused.getFirst().report().problems())
        .singleElement()
        .asString()
        .startsWith("skep.objects.driver=embedded: replica ");
  }

  @Test
  void onTablesOfThisMachineNothingIsWritten() {
    Neighbours alone = replica(with(Port.SQL, "embedded"));

    alone.enter();
    alone.start(refused::add);
    alone.stop();

    assertThat(heartbeats().all()).isEmpty();
  }

  @Test
  void aPortThatAnotherVersionDoesNotKnowExcludesNobody() {
    Heartbeat older =
        new Heartbeat(UUID.randomUUID(), "0.0.1", "sql=server objects=server", Instant.EPOCH);

    assertThat(new Mixture(shared(), Catalogue.OF_THIS_BUILD).problems(older)).isEmpty();
    assertThatCode(() -> start(shared())).doesNotThrowAnyException();
  }

  private boolean comesUp(Choice choice) {
    try {
      start(choice);
      return true;
    } catch (CannotStart e) {
      return false;
    }
  }

  private Neighbours start(Choice choice) {
    Neighbours one = replica(choice);
    one.enter();
    one.start(refused::add);
    running.add(one);
    return one;
  }

  private Neighbours replica(Choice choice) {
    return new Neighbours(heartbeats(), choice, own(choice), PACE);
  }

  private static Heartbeat own(Choice choice) {
    return new Heartbeat(
        UUID.randomUUID(), "0.1.0", Mixture.drivers(choice), InstantSource.system().instant());
  }

  private Heartbeats heartbeats() {
    return drive.get(Heartbeats.class);
  }

  private static Choice shared() {
    return with(Map.of());
  }

  private static Choice with(Port port, String driver) {
    return with(Map.of(port, driver));
  }

  private static Choice with(Map<Port, String> others) {
    Map<Port, String> drivers = new EnumMap<>(Port.class);
    for (Port port : Port.values()) {
      drivers.put(port, others.getOrDefault(port, "server"));
    }
    return new Choice(drivers);
  }
}
