package dev.skep.port.objects.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.port.objects.ObjectStore;
import dev.skep.port.objects.ObjectStore.Download;
import dev.skep.testkit.Journal;
import dev.skep.testkit.KilledWriters;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** P1: what a killed process was told of its blobs is true afterwards. */
@Tag("slow")
@Tag("P1")
class ObjectsKilledTest {

  private static final int KILLS = 100;

  /** Of each writer's blobs so many of the newest are read; the others are listed. */
  private static final int READ = 30;

  @TempDir Path folder;

  @Test
  void acknowledgedBlobsAreThereWholeAndDeletedOnesAreGone() throws Exception {
    new KilledWriters("objects (files)", BlobWriters.class, folder, ObjectsKilledTest::verify)
        .kill(KILLS);
  }

  private static long verify(Path folder, Journal journal) throws Exception {
    EmbeddedObjectStore store = BlobWriters.open(folder);
    try {
      long found = verify(store, journal);
      try (var unfinished = Files.list(folder.resolve("tmp"))) {
        assertThat(unfinished).as("uploads that were cut off").isEmpty();
      }
      goesOnWriting(store, journal);
      return found;
    } finally {
      store.close();
    }
  }

  private static long verify(EmbeddedObjectStore store, Journal journal) {
    Set<String> keys = BlobWriters.keys(store);
    Set<String> expected = new HashSet<>();
    for (var each : journal.writers().entrySet()) {
      int writer = each.getKey();
      long last = BlobWriters.last(keys, writer);
      assertThat(last)
          .as("writes of writer %d", writer)
          .isBetween(each.getValue().acknowledged(), each.getValue().begun());
      Set<String> own = new HashSet<>();
      for (long n = 1; n <= last; n++) {
        if (BlobWriters.deletes(n)) {
          own.remove(BlobWriters.key(writer, n - 10));
        } else {
          own.add(BlobWriters.key(writer, n));
        }
      }
      for (long n = Math.max(1, last - READ); n <= last; n++) {
        String key = BlobWriters.key(writer, n);
        if (own.contains(key)) {
          assertThat(read(store, key)).as(key).isEqualTo(BlobWriters.body(writer, n));
        }
      }
      expected.addAll(own);
      journal.settle(writer, last);
    }
    assertThat(keys).isEqualTo(expected);
    return expected.size();
  }

  private static byte[] read(ObjectStore store, String key) {
    try (Download download = store.open(key, 0, -1)) {
      assertThat(download).as(key).isNotNull();
      ByteBuffer all = ByteBuffer.allocate((int) download.size());
      while (all.hasRemaining() && download.read(all) >= 0) {}
      return Arrays.copyOf(all.array(), all.position());
    }
  }

  private static void goesOnWriting(EmbeddedObjectStore store, Journal journal) {
    long next = BlobWriters.last(BlobWriters.keys(store), 0) + 1;
    BlobWriters.write(store, 0, next);
    journal.settle(0, next);
  }
}
