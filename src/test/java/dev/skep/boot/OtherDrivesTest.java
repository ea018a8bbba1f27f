package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.domain.cluster.Members;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry;
import dev.skep.port.registry.embedded.EmbeddedServiceRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** P23: a second replica that serves another drive is told by the registry that both share. */
@Tag("P23")
class OtherDrivesTest {

  private static final UUID OWN = UUID.randomUUID();

  private final EmbeddedServiceRegistry listed = new EmbeddedServiceRegistry();

  /** A server's, in which the dead are listed for a while. */
  private final ServiceRegistry registry =
      new ServiceRegistry() {
        @Override
        public Duration expiry() {
          return Duration.ofSeconds(1);
        }

        @Override
        public Registration register(Replica replica) {
          return listed.register(replica);
        }

        @Override
        public List<Replica> list() {
          return listed.list();
        }

        @Override
        public Watch watch(Consumer<List<Replica>> watcher) {
          return listed.watch(watcher);
        }
      };

  OtherDrivesTest() {
    listed.open();
  }

  @Test
  void replicasOfTheSameDriveRunSideBySide() {
    registry.register(replica(OWN.toString()));

    assertThatCode(() -> on("mysql").start()).doesNotThrowAnyException();
  }

  @Test
  void tablesOfThisMachineBesideReplicasOnAServerAreRefusedWithTheKey() {
    registry.register(replica(UUID.randomUUID().toString()));

    assertThatThrownBy(() -> on("embedded").start())
        .isInstanceOfSatisfying(
            CannotStart.class,
            e ->
                assertThat(e.report().problems())
                    .singleElement()
                    .asString()
                    .startsWith("skep.sql.driver=embedded: replica ")
                    .contains("serves another drive on mysql"));
  }

  @Test
  void anotherDatabaseOfTheSameKindIsRefusedToo() {
    registry.register(replica(UUID.randomUUID().toString()));

    assertThatThrownBy(() -> on("mysql").start()).isInstanceOf(CannotStart.class);
  }

  @Test
  void oneThatDiedIsInTheWayForAWhileOnly() {
    ServiceRegistry.Registration dying = registry.register(replica(UUID.randomUUID().toString()));
    CompletableFuture.runAsync(
        dying::close,
        CompletableFuture.delayedExecutor(300, java.util.concurrent.TimeUnit.MILLISECONDS));

    assertThatCode(() -> on("embedded").start()).doesNotThrowAnyException();
    assertThat(registry.list()).isEmpty();
  }

  @Test
  void aRegistryThatDoesNotAnswerHoldsUpNoStart() {
    listed.close();

    assertThatCode(() -> on("mysql").start()).doesNotThrowAnyException();
  }

  private OtherDrives on(String sql) {
    Map<Port, String> drivers = new EnumMap<>(Port.class);
    for (Port port : Port.values()) {
      drivers.put(port, "etcd");
    }
    drivers.put(Port.SQL, sql);
    return new OtherDrives(registry, () -> OWN, new Choice(drivers));
  }

  private static Replica replica(String drive) {
    return new Replica(
        "other",
        "",
        Set.of(),
        "0.1.0",
        Map.of("sql", "mysql"),
        Instant.EPOCH,
        Map.of(Members.DRIVE, drive));
  }
}
