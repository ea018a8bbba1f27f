package dev.skep.port.config.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.disk.Disk;
import dev.skep.port.CannotOpen;
import dev.skep.port.config.ConfigStore.Author;
import dev.skep.port.config.ConfigStore.Change;
import dev.skep.port.config.ConfigStore.Entry;
import dev.skep.testkit.NeededForces;
import dev.skep.testkit.PowerCutDisk;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** P1 for settings: an acknowledged write survives, with its history, and none is half there. */
@Tag("P1")
class ConfigPowerCutTest {

  private static final int SEEDS = 150;
  private static final int DEATHS = 6;
  private static final Author AUTHOR = new Author("anna", Instant.EPOCH);

  @TempDir Path folder;

  /** One disk with its life of deaths, and what its users were told. */
  private final class Life {
    private final PowerCutDisk disk;
    private final Disk used;
    private final Random random;
    private final Map<String, String> acknowledged = new HashMap<>();
    private final Map<String, Integer> changes = new HashMap<>();

    /** The one write whose answer was an error, as the state after it. */
    private Map<String, String> possible;

    private String possibleKey;
    private long lastRevision;
    private EmbeddedConfigStore store;
    private int cuts;
    private int writes;

    Life(long seed, UnaryOperator<Disk> wrap) {
      disk = new PowerCutDisk(seed);
      used = wrap.apply(disk);
      random = new Random(seed);
    }

    Life run() {
      for (int death = 0; death < DEATHS; death++) {
        disk.stopAfter(1 + random.nextInt(40));
        workUntilDeath();
        if (random.nextInt(3) > 0) {
          disk.cutPower();
          cuts++;
        } else {
          disk.killProcess();
        }
        open();
        verify();
        store.close();
      }
      return this;
    }

    private void open() {
      store = new EmbeddedConfigStore(() -> folder, used);
      store.open();
    }

    private void workUntilDeath() {
      possible = null;
      try {
        open();
      } catch (CannotOpen e) {
        assertThat(disk.stopped()).as(e.line()).isTrue();
      }
      while (!disk.stopped() && possible == null) {
        write("key-" + random.nextInt(5));
      }
      store.close();
    }

    private void write(String key) {
      Entry now = store.get(key);
      Map<String, String> after = new HashMap<>(acknowledged);
      try {
        if (now != null && random.nextInt(4) == 0) {
          after.remove(key);
          store.delete(key, now.revision(), AUTHOR);
        } else {
          String value = "x".repeat(random.nextInt(200)) + random.nextInt();
          after.put(key, value);
          store.set(key, value, now == null ? 0 : now.revision(), AUTHOR);
        }
        adopt(key, after);
      } catch (RuntimeException e) {
        assertThat(disk.stopped()).as("failure of a living disk: " + e).isTrue();
        possible = after;
        possibleKey = key;
      }
    }

    private void adopt(String key, Map<String, String> after) {
      acknowledged.clear();
      acknowledged.putAll(after);
      changes.merge(key, 1, Integer::sum);
      long revision = store.history(key, 1).getFirst().revision();
      assertThat(revision).as("a revision is never used again").isGreaterThan(lastRevision);
      lastRevision = revision;
      writes++;
    }

    /** What is seen now is from now on as good as acknowledged, and what is not seen never was. */
    private void verify() {
      Map<String, String> found = new HashMap<>();
      store.list("").forEach((key, entry) -> found.put(key, entry.value()));
      if (possible != null && !found.equals(acknowledged)) {
        assertThat(found).isEqualTo(possible);
        adopt(possibleKey, possible);
      }
      assertThat(found).isEqualTo(acknowledged);
      changes.forEach(
          (key, count) -> {
            List<Change> history = store.history(key, 1000);
            assertThat(history).as("history of " + key).hasSize(Math.min(count, 100));
            assertThat(history.getFirst().after()).isEqualTo(acknowledged.get(key));
          });
    }
  }

  @Test
  void whatWasAcknowledgedSurvivesPowerCutsAndNothingHalfIsSeen() {
    int cuts = 0;
    int writes = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Life life = new Life(seed, disk -> disk).run();
      cuts += life.cuts;
      writes += life.writes;
    }
    System.out.printf(
        "config: %d power cuts and %d kills, %d acknowledged writes%n",
        cuts, SEEDS * DEATHS - cuts, writes);
    assertThat(cuts).isGreaterThan(100);
    assertThat(writes).isGreaterThan(100);
  }

  /** The proof that the test above can fail, and that no force is there for nothing. */
  @TestFactory
  List<DynamicTest> withoutAnyOneForceSomethingIsLost() throws Exception {
    NeededForces forces = NeededForces.of(SEEDS, (seed, wrap) -> new Life(seed, wrap).run());
    assertThat(forces.sites()).as("places that force").hasSizeGreaterThanOrEqualTo(3);
    return forces.tests();
  }
}
