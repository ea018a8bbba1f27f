package dev.skep.domain.content;

import static dev.skep.domain.content.ContentFixture.TestSql.CONTENTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.tree.Node;
import dev.skep.port.objects.ObjectStore;
import dev.skep.testkit.Race;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * P6, on SQLite: a copy races the purge of the last version of its content, thousands of times.
 * Sixteen pairs race at a time, each in two workspaces of its own, so that nothing but the row of
 * the content makes one of a pair wait for the other.
 */
@Tag("slow")
@Tag("P6")
class CopyAgainstPurgeTest {

  private static final int LANES = 16;

  /** Of the copies every twentieth is read; that no blob is missing is checked of all. */
  private static final int EACH_READ = 20;

  private static final long LATEST_NANOS = 1_000_000;

  @TempDir Path folder;

  private final int races = races();

  /** How many. */
  int races() {
    return 10_000;
  }

  /** On empty tables. */
  ContentFixture fixture(Path empty, UnaryOperator<ObjectStore> around, int small) {
    return new ContentFixture(empty, around, embedded -> embedded, small);
  }

  /** The files of two workspaces, and what became of each copy. */
  private record Lane(Node from, Node to, List<Node> files, CyclicBarrier both, List<Node> copied) {

    static Lane of(ContentFixture store, int number, int races) {
      Node from = store.root(store.workspace("from-" + number));
      Node to = store.root(store.workspace("to-" + number));
      List<Node> files = SweeperTest.fill(store, from, races / LANES);
      return new Lane(from, to, files, new CyclicBarrier(2), new ArrayList<>());
    }

    void start() throws InterruptedException, BrokenBarrierException, TimeoutException {
      both.await(60, TimeUnit.SECONDS);
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LATEST_NANOS));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {ContentFixture.ONLY_BLOBS, 16_384})
  void theCopyKeepsItsContentOrIsRefusedEachTime(int small) throws Exception {
    try (ContentFixture store = fixture(folder, SweeperTest.inMemory(), small)) {
      List<Lane> lanes = Race.of(LANES, number -> () -> Lane.of(store, number, races));
      long began = System.nanoTime();
      List<Integer> refused =
          Race.of(
              2 * LANES,
              thread -> {
                Lane lane = lanes.get(thread / 2);
                return thread % 2 == 0 ? () -> copyAll(store, lane) : () -> purgeAll(store, lane);
              });
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
      List<Node> copied = lanes.stream().flatMap(lane -> lane.copied().stream()).toList();
      int refusals = refused.stream().mapToInt(each -> each).sum();
      System.out.println(
          "P6: "
              + races
              + (small > 0 ? " small" : "")
              + " copies against purges in "
              + seconds
              + " s: "
              + copied.size()
              + " copied, "
              + refusals
              + " refused");
      assertThat(copied.size() + refusals).isEqualTo(races);
      store.sweepUntilNothingIsLeft();
      store.assertAllAgrees();
      for (int at = 0; at < copied.size(); at += EACH_READ) {
        Node file = copied.get(at);
        assertThat(store.read(file.contentId())).isEqualTo(file.name());
      }
      assertThat(store.keys()).hasSize(small > 0 ? 0 : copied.size());
      assertThat(store.count(CONTENTS)).isEqualTo(copied.size());
      assertThat(copied.size()).as("copies first").isBetween(races / 100, races * 99 / 100);
    }
  }

  /** Returns how many were refused. */
  private static int copyAll(ContentFixture store, Lane lane) throws Exception {
    int refused = 0;
    for (Node file : lane.files()) {
      var id = store.id();
      var versionId = store.id();
      lane.start();
      try {
        store.sql.write(tx -> store.copy(tx, file, lane.to(), file.name(), id, versionId));
        lane.copied().add(file);
      } catch (SkepException e) {
        assertThat(e.code()).as(e.detail()).isEqualTo(ErrorCode.BLOB_GONE);
        refused++;
      }
    }
    return refused;
  }

  private static int purgeAll(ContentFixture store, Lane lane) throws Exception {
    for (Node file : lane.files()) {
      lane.start();
      store.sql.write(
          tx -> {
            store.deleteVersionsAndRelease(tx, file);
            return file;
          });
    }
    return 0;
  }
}
