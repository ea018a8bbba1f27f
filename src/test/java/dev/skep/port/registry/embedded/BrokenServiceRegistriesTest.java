package dev.skep.port.registry.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.SkepException;
import dev.skep.port.registry.Replica;
import dev.skep.port.registry.ServiceRegistry;
import dev.skep.port.registry.ServiceRegistryContract;
import dev.skep.testkit.ContractRun;
import dev.skep.testkit.ForwardingServiceRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Each part of the contract notices a registry that breaks it. */
class BrokenServiceRegistriesTest {

  /** A broken driver, and the test that must notice it. */
  private record Catch(Class<?> broken, String test) {

    void assertRed(String part) {
      ContractRun.of(broken, part).assertRed(test);
    }
  }

  private static final Map<String, Catch> BROKEN =
      Map.of(
          "Registering",
          new Catch(OverComingBack.class, "whoClosesIsNotListedAnyMore"),
          "Watching",
          new Catch(OverForgettingDepartures.class, "tellsWhoComesChangesAndGoes"),
          "Failures",
          new Catch(OverHidingFailures.class, "listingIsUnavailableWhileTheStoreIsDown"));

  static final List<String> PARTS = BROKEN.keySet().stream().sorted().toList();

  @Test
  void thereIsABrokenRegistryForEachPart() {
    assertThat(ContractRun.nestedClasses(ServiceRegistryContract.class))
        .containsExactlyInAnyOrderElementsOf(PARTS);
  }

  @ParameterizedTest
  @FieldSource("PARTS")
  void eachPartCatchesItsBrokenRegistry(String part) {
    BROKEN.get(part).assertRed(part);
  }

  @ParameterizedTest
  @FieldSource("PARTS")
  @Tag("slow")
  void eachPartIsGreenOverAWrapperThatBreaksNothing(String part) {
    ContractRun.of(OverNothing.class, part).assertGreen();
  }

  private abstract static class Broken extends EmbeddedServiceRegistryTest {
    private final Function<ServiceRegistry, ServiceRegistry> breaking;

    Broken(Function<ServiceRegistry, ServiceRegistry> breaking) {
      this.breaking = breaking;
    }

    @Override
    protected ServiceRegistry start() {
      return breaking.apply(super.start());
    }

    /** A broken watch is not worth waiting for. */
    @Override
    protected Duration seenWithin() {
      return Duration.ofSeconds(1);
    }
  }

  static class OverNothing extends Broken {
    OverNothing() {
      super(registry -> new ForwardingServiceRegistry(registry) {});
    }

    @Override
    protected Duration seenWithin() {
      return Duration.ofSeconds(10);
    }
  }

  /** Lets a replica that has gone come back with an update. */
  static class OverComingBack extends Broken {
    OverComingBack() {
      super(
          inner ->
              new ForwardingServiceRegistry(inner) {
                @Override
                public Registration register(Replica replica) {
                  Registration[] current = {registry.register(replica)};
                  return new Registration() {
                    @Override
                    public void update(Replica latest) {
                      current[0].close();
                      current[0] = registry.register(latest);
                    }

                    @Override
                    public void close() {
                      current[0].close();
                    }
                  };
                }
              });
    }
  }

  /** Tells who comes, never who goes. */
  static class OverForgettingDepartures extends Broken {
    OverForgettingDepartures() {
      super(
          inner ->
              new ForwardingServiceRegistry(inner) {
                @Override
                public Watch watch(Consumer<List<Replica>> watcher) {
                  Map<String, Replica> all = new TreeMap<>();
                  return registry.watch(
                      state -> {
                        state.forEach(replica -> all.put(replica.id(), replica));
                        watcher.accept(List.copyOf(all.values()));
                      });
                }
              });
    }
  }

  /** Lists nobody when it cannot know. */
  static class OverHidingFailures extends Broken {
    OverHidingFailures() {
      super(
          inner ->
              new ForwardingServiceRegistry(inner) {
                @Override
                public List<Replica> list() {
                  try {
                    return registry.list();
                  } catch (SkepException e) {
                    return List.of();
                  }
                }
              });
    }
  }
}
