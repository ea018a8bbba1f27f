package dev.skep.testkit;

import dev.skep.common.disk.Disk;
import dev.skep.port.CannotOpen;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DynamicTest;

/**
 * The proof that a test of power cuts can fail, and that no force is there for nothing: without any
 * one of them its life on a disk ends in a loss (P1).
 *
 * @param seeds of how many lives one must lose something
 * @param sites where they force, found by the first of them
 */
public record NeededForces(int seeds, Life life, Set<String> sites) {

  private static final int RECORDED = 10;

  /** One life on a disk; an AssertionError or a refusal to open tells that something was lost. */
  @FunctionalInterface
  public interface Life {
    void run(long seed, UnaryOperator<Disk> wrap) throws Exception;
  }

  public static NeededForces of(int seeds, Life life) throws Exception {
    Set<String> sites = new TreeSet<>();
    for (long seed = 0; seed < RECORDED; seed++) {
      List<ForceSites> recording = new ArrayList<>();
      life.run(
          seed,
          disk -> {
            recording.add(ForceSites.recording(disk));
            return recording.getFirst();
          });
      sites.addAll(recording.getFirst().seen());
    }
    return new NeededForces(seeds, life, sites);
  }

  /** A test for each place. */
  public List<DynamicTest> tests() {
    return sites.stream()
        .map(
            site ->
                DynamicTest.dynamicTest(site, () -> Assertions.assertThat(loses(site)).isTrue()))
        .toList();
  }

  private boolean loses(String dropped) {
    return LongStream.range(0, seeds)
        .anyMatch(seed -> losesSomething(seed, disk -> ForceSites.dropping(disk, dropped)));
  }

  private boolean losesSomething(long seed, UnaryOperator<Disk> wrap) {
    try {
      life.run(seed, wrap);
      return false;
    } catch (AssertionError | CannotOpen e) {
      return true;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
