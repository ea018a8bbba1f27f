package dev.skep.domain.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.content.ContentCheck;
import dev.skep.testkit.Drive;
import dev.skep.testkit.FaultPlan;
import dev.skep.testkit.FaultyObjectStore;
import dev.skep.testkit.FaultySqlStore;
import dev.skep.testkit.FaultySqlStore.Fault;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client that repeats what failed, over stores that time out before and after the effect: in the
 * end the tree is what he asked for, every change has its one event, and no named blob is missing.
 */
class FaultyDriveTest {

  private static final int STEPS = 150;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatIsRepeatedUntilItIsAnsweredHasHappenedOnce(long seed) {
    AtomicReference<FaultySqlStore> sql = new AtomicReference<>();
    try (Drive drive =
        Drive.open(
            folder,
            InstantSource.system(),
            tables -> {
              sql.set(new FaultySqlStore(tables));
              return sql.get();
            },
            blobs -> new FaultyObjectStore(blobs, FaultPlan.random(seed, 0.1)))) {
      Caller anna = Someone.withHome(drive, "anna", -1);
      Home home = new Home(drive, anna);
      retry(() -> home.folder("/home/f"));
      sql.get().failAtRandom(seed, 0.2, Fault.values());
      Map<String, String> expected = new Client(home, new Random(seed)).run();
      sql.get().heal();

      List<String> names = home.names("/home/f");
      assertThat(names).containsExactlyInAnyOrderElementsOf(expected.keySet());
      expected.forEach(
          (name, text) -> assertThat(retry(() -> home.read("/home/f/" + name))).isEqualTo(text));
      assertThat(Someone.changes(drive, anna)).isPositive();
      assertThat(
              retry(() -> drive.get(ContentCheck.class).findings()).stream()
                  .filter(finding -> finding.toString().contains("MISSING")))
          .isEmpty();
    }
  }

  /** Does random things, each until it is known to have happened. */
  private record Client(Home home, Random random, Map<String, String> files) {

    Client(Home home, Random random) {
      this(home, random, new HashMap<>());
    }

    Map<String, String> run() {
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(5)) {
          case 0, 1 -> put("n" + random.nextInt(12), text(step));
          case 2 -> rename("n" + random.nextInt(12));
          case 3 -> trash();
          default -> copy("n" + random.nextInt(12));
        }
      }
      return files;
    }

    /** Every second one is not small. */
    private static String text(int step) {
      return ("text " + step).repeat(step % 2 == 0 ? 1 : 3_000);
    }

    private void put(String name, String text) {
      retry(() -> home.put("/home/f/" + name, text));
      files.put(name, text);
    }

    private void rename(String to) {
      any()
          .filter(name -> !files.containsKey(to))
          .ifPresent(
              name -> {
                UUID id = retry(() -> home.node("/home/f/" + name).id());
                retry(() -> home.rename(id, to));
                files.put(to, files.remove(name));
              });
    }

    private void trash() {
      any()
          .ifPresent(
              name -> {
                UUID id = retry(() -> home.node("/home/f/" + name).id());
                retry(
                    () -> {
                      // Where it is gone, the try before has done it.
                      home.find("/home/f/" + name).ifPresent(found -> home.trash(id));
                      return true;
                    });
                files.remove(name);
              });
    }

    private void copy(String to) {
      any()
          .filter(name -> !files.containsKey(to))
          .ifPresent(
              name -> {
                NodeView file = retry(() -> home.node("/home/f/" + name));
                retry(
                    () ->
                        home.find("/home/f/" + to)
                            .orElseGet(() -> home.copy(file.id(), file.parentId(), to)));
                files.put(to, files.get(name));
              });
    }

    private Optional<String> any() {
      List<String> names = new ArrayList<>(files.keySet());
      names.sort(null);
      return names.isEmpty()
          ? Optional.empty()
          : Optional.of(names.get(random.nextInt(names.size())));
    }
  }

  private static <R> R retry(Supplier<R> call) {
    for (int attempt = 0; attempt < 100; attempt++) {
      try {
        return call.get();
      } catch (SkepException e) {
        assertThat(e.code()).isIn(ErrorCode.UNAVAILABLE, ErrorCode.UNKNOWN_OUTCOME);
      }
    }
    throw new AssertionError("still failing after 100 tries");
  }
}
