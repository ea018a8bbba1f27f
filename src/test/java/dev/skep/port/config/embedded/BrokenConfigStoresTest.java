package dev.skep.port.config.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.SkepException;
import dev.skep.port.config.ConfigStore;
import dev.skep.port.config.ConfigStoreContract;
import dev.skep.testkit.ContractRun;
import dev.skep.testkit.ForwardingConfigStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Each part of the contract notices a store that breaks it. */
class BrokenConfigStoresTest {

  /** A broken driver, and the test that must notice it. */
  private record Catch(Class<?> broken, String test) {

    void assertRed(String part) {
      ContractRun.of(broken, part).assertRed(test);
    }
  }

  private static final Map<String, Catch> BROKEN =
      Map.of(
          "KeysAndValues",
          new Catch(OverTrimming.class, "aValueIsAnyText"),
          "Writing",
          new Catch(
              OverLastWriteWins.class,
              "aWriteWithAnOldOrForeignRevisionIsRefusedAndChangesNothing"),
          "Watching",
          new Catch(
              OverForgettingDeletions.class, "tellsEveryChangeUnderThePrefixDeletionsIncluded"),
          "Failures",
          new Catch(
              OverHidingFailures.class,
              "aStoreThatDoesNotAnswerRefusesWritesAsUnavailableAndComesBackWithoutARestart"));

  static final List<String> PARTS = BROKEN.keySet().stream().sorted().toList();

  @Test
  void thereIsABrokenStoreForEachPart() {
    assertThat(ContractRun.nestedClasses(ConfigStoreContract.class))
        .containsExactlyInAnyOrderElementsOf(PARTS);
  }

  @ParameterizedTest
  @FieldSource("PARTS")
  void eachPartCatchesItsBrokenStore(String part) {
    BROKEN.get(part).assertRed(part);
  }

  @ParameterizedTest
  @FieldSource("PARTS")
  @Tag("slow")
  void eachPartIsGreenOverAWrapperThatBreaksNothing(String part) {
    ContractRun.of(OverNothing.class, part).assertGreen();
  }

  private abstract static class Broken extends EmbeddedConfigStoreTest {
    private final Function<ConfigStore, ConfigStore> breaking;

    Broken(Function<ConfigStore, ConfigStore> breaking) {
      this.breaking = breaking;
    }

    @Override
    protected ConfigStore start() {
      return breaking.apply(super.start());
    }

    /** A broken watch is not worth waiting for. */
    @Override
    protected Duration seenWithin() {
      return Duration.ofSeconds(2);
    }
  }

  static class OverNothing extends Broken {
    OverNothing() {
      super(store -> new ForwardingConfigStore(store) {});
    }

    @Override
    protected Duration seenWithin() {
      return Duration.ofSeconds(10);
    }
  }

  static class OverTrimming extends Broken {
    OverTrimming() {
      super(
          store ->
              new ForwardingConfigStore(store) {
                @Override
                public Entry set(String key, String value, long expected, Author author) {
                  return store.set(key, value.strip(), expected, author);
                }
              });
    }
  }

  static class OverLastWriteWins extends Broken {
    OverLastWriteWins() {
      super(
          store ->
              new ForwardingConfigStore(store) {
                @Override
                public Entry set(String key, String value, long expected, Author author) {
                  while (true) {
                    Entry now = store.get(key);
                    try {
                      return store.set(key, value, now == null ? ABSENT : now.revision(), author);
                    } catch (Conflict e) {
                      Thread.onSpinWait();
                    }
                  }
                }
              });
    }
  }

  static class OverForgettingDeletions extends Broken {
    OverForgettingDeletions() {
      super(
          store ->
              new ForwardingConfigStore(store) {
                @Override
                public Watch watch(String prefix, Consumer<Map<String, Entry>> watcher) {
                  Map<String, Entry> all = new HashMap<>();
                  return store.watch(
                      prefix,
                      state -> {
                        all.putAll(state);
                        watcher.accept(Map.copyOf(all));
                      });
                }
              });
    }
  }

  static class OverHidingFailures extends Broken {
    OverHidingFailures() {
      super(
          store ->
              new ForwardingConfigStore(store) {
                @Override
                public Entry set(String key, String value, long expected, Author author) {
                  try {
                    return store.set(key, value, expected, author);
                  } catch (SkepException e) {
                    return new Entry(value, expected + 1, author);
                  }
                }
              });
    }
  }
}
