package dev.skep.port.objects.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.disk.Disk;
import dev.skep.port.CannotOpen;
import dev.skep.port.objects.ObjectStore.Download;
import dev.skep.port.objects.ObjectStore.Upload;
import dev.skep.testkit.NeededForces;
import dev.skep.testkit.PowerCutDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** P1 for blobs: what was acknowledged survives, what was not is never seen half. */
@Tag("P1")
class ObjectsPowerCutTest {

  private static final int SEEDS = 150;
  private static final int DEATHS = 6;

  @TempDir Path folder;

  /** One disk with its life of deaths, and what its users were told. */
  private final class Life {
    private final PowerCutDisk disk;
    private final Disk used;
    private final Random random;

    /** Every blob that was ever begun. */
    private final Map<String, byte[]> written = new HashMap<>();

    private final Set<String> there = new TreeSet<>();
    private final Set<String> gone = new TreeSet<>();
    private final Set<String> unknown = new TreeSet<>();
    private EmbeddedObjectStore store;
    private int cuts;

    Life(long seed, UnaryOperator<Disk> wrap) {
      disk = new PowerCutDisk(seed);
      used = wrap.apply(disk);
      random = new Random(seed);
    }

    Life run() throws Exception {
      for (int death = 0; death < DEATHS; death++) {
        disk.stopAfter(1 + random.nextInt(60));
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
      store = new EmbeddedObjectStore(new TestConfig(folder, 0), used);
      store.open();
    }

    private void workUntilDeath() {
      try {
        open();
      } catch (CannotOpen e) {
        assertThat(disk.stopped()).as(e.line()).isTrue();
      }
      while (!disk.stopped()) {
        if (!there.isEmpty() && random.nextInt(3) == 0) {
          delete(there.stream().skip(random.nextInt(there.size())).findFirst().orElseThrow());
        } else {
          upload("b/" + written.size());
        }
      }
      store.close();
    }

    private void upload(String key) {
      byte[] content = new byte[random.nextInt(3000)];
      random.nextBytes(content);
      written.put(key, content);
      boolean abandoned = random.nextInt(5) == 0;
      try (Upload upload = store.create(key, content.length)) {
        upload.write(content, 0, content.length);
        if (!abandoned) {
          unknown.add(key);
          upload.commit();
          unknown.remove(key);
          there.add(key);
        }
      } catch (RuntimeException e) {
        assertThat(disk.stopped()).as("failure of a living disk: " + e).isTrue();
      }
    }

    private void delete(String key) {
      there.remove(key);
      unknown.add(key);
      try {
        store.delete(key);
        unknown.remove(key);
        gone.add(key);
      } catch (RuntimeException e) {
        assertThat(disk.stopped()).as("failure of a living disk: " + e).isTrue();
      }
    }

    /** What is seen now is from now on as good as acknowledged, and what is not seen is gone. */
    private void verify() throws Exception {
      for (String key : unknown) {
        (store.open(key, 0, -1) == null ? gone : there).add(key);
      }
      unknown.clear();
      assertThat(store.list("", null, 100_000)).containsExactlyElementsOf(there);
      for (String key : there) {
        assertThat(read(key)).as(key).isEqualTo(written.get(key));
      }
      for (String key : gone) {
        assertThat(store.open(key, 0, -1)).as(key).isNull();
      }
      assertThat(disk.list(folder.resolve("tmp"))).as("abandoned uploads").isEmpty();
    }

    private byte[] read(String key) {
      try (Download download = store.open(key, 0, -1)) {
        byte[] all = new byte[(int) download.size()];
        int length = Math.max(0, download.read(ByteBuffer.wrap(all)));
        return Arrays.copyOf(all, length);
      }
    }
  }

  @Test
  void whatWasAcknowledgedSurvivesPowerCutsAndNothingHalfIsSeen() throws Exception {
    int cuts = 0;
    int blobs = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Life life = new Life(seed, disk -> disk).run();
      cuts += life.cuts;
      blobs += life.there.size();
    }
    System.out.printf(
        "objects: %d power cuts and %d kills, %d blobs alive at the ends%n",
        cuts, SEEDS * DEATHS - cuts, blobs);
    assertThat(cuts).isGreaterThan(100);
    assertThat(blobs).isGreaterThan(100);
  }

  /** The proof that the test above can fail, and that no force is there for nothing. */
  @TestFactory
  List<DynamicTest> withoutAnyOneForceSomethingIsLost() throws Exception {
    NeededForces forces = NeededForces.of(SEEDS, (seed, wrap) -> new Life(seed, wrap).run());
    assertThat(forces.sites()).as("places that force").hasSizeGreaterThanOrEqualTo(4);
    return forces.tests();
  }
}
