package dev.skep.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.disk.Disk;
import dev.skep.domain.identity.Bootstrap.SignIn;
import dev.skep.port.CannotOpen;
import dev.skep.testkit.NeededForces;
import dev.skep.testkit.PowerCutDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * P1 for what boot itself keeps in the data folder: after a power cut, also in the first start, the
 * folder opens, and the generated password that was told is there.
 */
@Tag("P1")
class DataFolderPowerCutTest {

  private static final int SEEDS = 100;
  private static final int DEATHS = 4;

  @TempDir Path temporary;
  private int lives;

  /** One disk with its life of deaths, and the password that was told last. */
  private final class Life {
    private final PowerCutDisk disk;
    private final Disk used;
    private final Random random;
    private final Path data;
    private Optional<String> told = Optional.empty();
    private Optional<String> asked = Optional.empty();
    private int writes;

    Life(long seed, UnaryOperator<Disk> wrap) {
      disk = new PowerCutDisk(seed);
      used = wrap.apply(disk);
      random = new Random(seed);
      data = temporary.resolve("life-" + lives++ + "/data");
    }

    Life run() throws IOException {
      for (int death = 0; death < DEATHS; death++) {
        disk.stopAfter(1 + random.nextInt(25));
        workUntilDeath();
        disk.cutPower();
        verify();
      }
      return this;
    }

    private void workUntilDeath() {
      try (DataFolder held = DataFolder.open(used, data)) {
        while (true) {
          asked = Optional.of("password-" + random.nextInt());
          AdminFile.in(used, data).write(new SignIn("admin", "secret", asked));
          told = asked;
          writes++;
        }
      } catch (IOException | CannotOpen e) {
        assertThat(disk.stopped()).as("failure of a living disk: " + e).isTrue();
      }
    }

    private void verify() throws IOException {
      try (DataFolder held = DataFolder.open(used, data)) {
        Optional<String> found = AdminFile.in(used, data).password();
        assertThat(found).isIn(told, asked);
        told = found;
      }
    }
  }

  @Test
  void whatWasToldSurvivesPowerCuts() throws IOException {
    int writes = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      writes += new Life(seed, disk -> disk).run().writes;
    }
    System.out.printf("data folder: %d power cuts, %d writes%n", SEEDS * DEATHS, writes);
    assertThat(writes).isGreaterThan(100);
  }

  /** The proof that the test above can fail, and that no force is there for nothing. */
  @TestFactory
  List<DynamicTest> withoutAnyOneForceSomethingIsLost() throws Exception {
    NeededForces forces = NeededForces.of(SEEDS, (seed, wrap) -> new Life(seed, wrap).run());
    assertThat(forces.sites()).as("places that force").hasSize(2);
    return forces.tests();
  }
}
