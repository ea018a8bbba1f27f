package dev.skep.port.objects;

import static dev.skep.testkit.Failing.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.skep.common.ErrorCode;
import dev.skep.port.objects.ObjectStore.Download;
import dev.skep.port.objects.ObjectStore.KeyTaken;
import dev.skep.port.objects.ObjectStore.Upload;
import dev.skep.testkit.tier.Essential;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link ObjectStore} promises; each driver passes it on its real target. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ObjectStoreContract {

  private static final int RACERS = 64;

  private ObjectStore store;

  /** Opens the store; the second time on the data of the first. */
  protected abstract ObjectStore start() throws Exception;

  protected abstract void stop() throws Exception;

  /** What another replica sees; the same store where a driver serves one process only. */
  protected ObjectStore otherReplica() {
    return store;
  }

  /** Takes the room for more uploads, or gives it back. */
  protected abstract void setFull(boolean full) throws Exception;

  /** What an upload is refused with when no room is left; another only where a server says less. */
  protected ErrorCode whenFull() {
    return ErrorCode.NO_SPACE;
  }

  /** Takes the target away, or gives it back without a restart. */
  protected abstract void setDown(boolean down) throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = start();
  }

  @AfterEach
  void close() throws Exception {
    stop();
  }

  private void restart() throws Exception {
    stop();
    store = start();
  }

  private void put(String key, byte[] content) {
    try (Upload upload = store.create(key, content.length)) {
      upload.write(content, 0, content.length);
      upload.commit();
    }
  }

  private byte[] read(String key) {
    return read(store, key, 0, -1);
  }

  private static byte[] read(ObjectStore from, String key, long offset, long length) {
    try (Download download = from.open(key, offset, length)) {
      assertThat(download).as("blob " + key).isNotNull();
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      for (int n = download.read(ByteBuffer.wrap(buffer));
          n >= 0;
          n = download.read(ByteBuffer.wrap(buffer))) {
        assertThat(n).as("bytes of one read").isPositive();
        all.write(buffer, 0, n);
      }
      return all.toByteArray();
    }
  }

  private boolean exists(String key) {
    try (Download download = store.open(key, 0, -1)) {
      return download != null;
    }
  }

  private static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static <T> List<T> race(int threads, Callable<T> task) throws Exception {
    CountDownLatch ready = new CountDownLatch(threads);
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        futures.add(
            pool.submit(
                () -> {
                  ready.countDown();
                  ready.await();
                  return task.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get(100, TimeUnit.SECONDS));
      }
      return results;
    }
  }

  @Nested
  protected class Keys {

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "-", "a/b", "0123456789/abcdefghijklmnopqrstuvwxyz/-"})
    void areLowerCaseLettersDigitsSlashesAndHyphens(String key) {
      put(key, bytes(1, 10));
      assertThat(read(key)).isEqualTo(bytes(1, 10));
    }

    @Test
    void have200CharactersAtMost() {
      String longest = "a/".repeat(99) + "bc";
      put(longest, bytes(1, 10));
      assertThat(read(longest)).isEqualTo(bytes(1, 10));
      assertThat(store.list("", null, 10)).containsExactly(longest);
      assertThatIllegalArgumentException().isThrownBy(() -> store.create(longest + "d", -1));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"", "/", "/a", "a/", "a//b", "A", "a_b", "a.b", "..", "a\nb", "é", "a b"})
    void ofAnyOtherFormAreRefused(String key) {
      assertThatIllegalArgumentException().isThrownBy(() -> store.create(key, -1));
      assertThatIllegalArgumentException().isThrownBy(() -> store.open(key, 0, -1));
      assertThatIllegalArgumentException().isThrownBy(() -> store.delete(key));
    }

    @Test
    @Essential
    void thatLookLikeFolderAndFileDoNotCollide() {
      List<String> keys = List.of("a", "a-b", "a/b", "a/b/c", "ab");
      for (int i = 0; i < keys.size(); i++) {
        put(keys.get(i), bytes(i, 100));
      }
      for (int i = 0; i < keys.size(); i++) {
        assertThat(read(keys.get(i))).isEqualTo(bytes(i, 100));
      }
    }
  }

  @Nested
  protected class Writing {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 65_535, 65_536, 65_537, 1_000_003})
    @Essential
    void aCommittedBlobHasExactlyItsBytes(int length) {
      put("blob", bytes(7, length));
      assertThat(read("blob")).isEqualTo(bytes(7, length));
    }

    @Test
    void itMayComeInPiecesOfAnySizeAndUnknownLength() {
      byte[] content = bytes(3, 500_000);
      Random random = new Random(3);
      try (Upload upload = store.create("blob", -1)) {
        for (int at = 0; at < content.length; ) {
          int bound = random.nextBoolean() ? 100 : 100_000;
          int count = Math.min(random.nextInt(bound), content.length - at);
          upload.write(content, at, count);
          at += count;
        }
        upload.commit();
      }
      assertThat(read("blob")).isEqualTo(content);
    }

    @Test
    void theCallersArrayMayBeUsedAgainAtOnce() {
      byte[] piece = new byte[1000];
      try (Upload upload = store.create("blob", 3000)) {
        for (byte i = 1; i <= 3; i++) {
          Arrays.fill(piece, i);
          upload.write(piece, 0, piece.length);
        }
        upload.commit();
      }
      byte[] read = read("blob");
      assertThat(List.of(read[0], read[1000], read[2999]))
          .containsExactly((byte) 1, (byte) 2, (byte) 3);
    }

    @Test
    void aBlobIsNotVisibleBeforeItsCommit() {
      try (Upload upload = store.create("blob", -1)) {
        upload.write(bytes(1, 200_000), 0, 200_000);
        assertThat(exists("blob")).isFalse();
        assertThat(store.list("", null, 10)).isEmpty();
        upload.commit();
        assertThat(exists("blob")).isTrue();
      }
      assertThat(exists("blob")).isTrue();
    }

    @Test
    void anUploadClosedWithoutACommitLeavesNothing() throws Exception {
      try (Upload upload = store.create("blob", -1)) {
        upload.write(bytes(1, 200_000), 0, 200_000);
      }
      assertThat(exists("blob")).isFalse();
      assertThat(store.list("", null, 10)).isEmpty();
      restart();
      assertThat(exists("blob")).isFalse();
      put("blob", bytes(2, 10));
      assertThat(read("blob")).isEqualTo(bytes(2, 10));
    }

    @Test
    void anUploadStillOpenAtTheEndOfTheProcessLeavesNothing() throws Exception {
      Upload upload = store.create("blob", -1);
      upload.write(bytes(1, 200_000), 0, 200_000);
      restart();
      assertThat(exists("blob")).isFalse();
      assertThat(store.list("", null, 10)).isEmpty();
    }

    @Test
    void aCommittedBlobIsThereAfterARestart() throws Exception {
      put("blob", bytes(5, 100_000));
      restart();
      assertThat(read("blob")).isEqualTo(bytes(5, 100_000));
      assertThat(store.list("", null, 10)).containsExactly("blob");
    }

    @Test
    void theSecondCommitUnderAKeyIsRefusedAndChangesNothing() throws Exception {
      put("blob", bytes(1, 1000));
      try (Upload second = store.create("blob", -1)) {
        second.write(bytes(2, 10), 0, 10);
        assertThatExceptionOfType(KeyTaken.class).isThrownBy(second::commit);
      }
      assertThat(read("blob")).isEqualTo(bytes(1, 1000));
      restart();
      assertThat(read("blob")).isEqualTo(bytes(1, 1000));
    }

    @Test
    void ofManyCommitsUnderOneKeyExactlyOneWins() throws Exception {
      for (int round = 0; round < 5; round++) {
        String key = "round-" + round;
        List<byte[]> winners = Collections.synchronizedList(new ArrayList<>());
        List<String> results =
            race(
                RACERS,
                () -> {
                  byte[] content = bytes(Thread.currentThread().threadId(), 5000);
                  try (Upload upload = store.create(key, content.length)) {
                    upload.write(content, 0, content.length);
                    upload.commit();
                    winners.add(content);
                    return "won";
                  } catch (KeyTaken e) {
                    return "taken";
                  }
                });
        assertThat(results).hasSize(RACERS).containsOnlyOnce("won");
        assertThat(read(key)).isEqualTo(winners.getFirst());
      }
    }

    @Test
    void aKnownLengthThatIsNotMetFailsTheCommit() {
      for (int announced : List.of(0, 999, 1001)) {
        try (Upload upload = store.create("blob", announced)) {
          upload.write(bytes(1, 1000), 0, 1000);
          assertThatIllegalStateException().isThrownBy(upload::commit);
        }
        assertThat(exists("blob")).isFalse();
      }
    }

    @Test
    void nothingFollowsACommit() {
      try (Upload upload = store.create("blob", -1)) {
        upload.write(bytes(1, 10), 0, 10);
        upload.commit();
        assertThatIllegalStateException().isThrownBy(() -> upload.write(bytes(2, 10), 0, 10));
        assertThatIllegalStateException().isThrownBy(upload::commit);
      }
      assertThat(read("blob")).isEqualTo(bytes(1, 10));
    }

    @Test
    void twoHundredMegabytesNeedConstantMemory() {
      byte[] piece = bytes(9, 64 * 1024);
      int pieces = 3200;
      long before = usedMemory();
      long most = 0;
      try (Upload upload = store.create("large", (long) pieces * piece.length)) {
        for (int i = 0; i < pieces; i++) {
          upload.write(piece, 0, piece.length);
          if (i % 800 == 799) {
            most = Math.max(most, usedMemory() - before);
          }
        }
        upload.commit();
      }
      byte[] buffer = new byte[piece.length];
      long total = 0;
      try (Download download = store.open("large", 0, -1)) {
        for (int n = download.read(ByteBuffer.wrap(buffer));
            n >= 0;
            n = download.read(ByteBuffer.wrap(buffer))) {
          int start = (int) (total % piece.length);
          for (int i = 0; i < n; i++) {
            if (buffer[i] != piece[(start + i) % piece.length]) {
              throw new AssertionError("byte " + (total + i) + " differs");
            }
          }
          total += n;
        }
        most = Math.max(most, usedMemory() - before);
      }
      assertThat(total).isEqualTo((long) pieces * piece.length);
      assertThat(most).as("bytes held").isLessThan(50L << 20);
    }

    private static long usedMemory() {
      System.gc();
      return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
  }

  @Nested
  protected class Reading {

    private final byte[] content = bytes(11, 300_000);

    @BeforeEach
    void blob() {
      put("blob", content);
    }

    @Test
    void aBlobThatIsNotThereIsAbsent() {
      assertThat(store.open("missing", 0, -1)).isNull();
    }

    @Test
    void aCommittedBlobIsReadableFromEveryReplicaAtOnce() {
      assertThat(read(otherReplica(), "blob", 0, -1)).isEqualTo(content);
    }

    @Test
    @Essential
    void aRangeHoldsItsBytesAndNoOthers() {
      assertThat(read(store, "blob", 0, 1)).isEqualTo(Arrays.copyOf(content, 1));
      assertThat(read(store, "blob", 65_535, 2))
          .isEqualTo(Arrays.copyOfRange(content, 65_535, 65_537));
      assertThat(read(store, "blob", 100_000, -1))
          .isEqualTo(Arrays.copyOfRange(content, 100_000, content.length));
      assertThat(read(store, "blob", 299_999, 1))
          .isEqualTo(Arrays.copyOfRange(content, 299_999, 300_000));
      assertThat(read(store, "blob", 7, 0)).isEmpty();
    }

    @Test
    void randomRangesHoldTheirBytes() {
      Random random = new Random(5);
      for (int i = 0; i < 100; i++) {
        int from = random.nextInt(content.length);
        int length = random.nextInt(content.length - from + 1);
        assertThat(read(store, "blob", from, length))
            .isEqualTo(Arrays.copyOfRange(content, from, from + length));
      }
    }

    @Test
    void aRangeBeyondTheEndHoldsFewerBytes() {
      assertThat(read(store, "blob", 299_000, 5_000)).hasSize(1_000);
      assertThat(read(store, "blob", 299_000, Long.MAX_VALUE)).hasSize(1_000);
      assertThat(read(store, "blob", 300_000, 10)).isEmpty();
      assertThat(read(store, "blob", Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    void theSizeIsThatOfTheWholeBlob() {
      try (Download download = store.open("blob", 5, 10)) {
        assertThat(download.size()).isEqualTo(content.length);
      }
    }

    @Test
    void aReadTouchesOnlyItsPartOfTheArray() {
      byte[] into = new byte[20];
      Arrays.fill(into, (byte) 99);
      try (Download download = store.open("blob", 0, -1)) {
        int count = download.read(ByteBuffer.wrap(into, 5, 10));
        assertThat(count).isBetween(1, 10);
        assertThat(Arrays.copyOfRange(into, 5, 5 + count)).isEqualTo(Arrays.copyOf(content, count));
      }
      assertThat(List.of(into[0], into[4], into[15], into[19])).containsOnly((byte) 99);
    }

    @Test
    void aRangeThatCannotBeIsRefused() {
      assertThatIllegalArgumentException().isThrownBy(() -> store.open("blob", -1, 10));
      assertThatIllegalArgumentException().isThrownBy(() -> store.open("blob", 0, -2));
    }
  }

  @Nested
  protected class Deleting {

    @Test
    @Essential
    void aDeletedBlobIsGoneAlsoAfterARestart() throws Exception {
      put("blob", bytes(1, 10));
      put("other", bytes(2, 10));
      store.delete("blob");
      assertThat(exists("blob")).isFalse();
      assertThat(store.list("", null, 10)).containsExactly("other");
      restart();
      assertThat(exists("blob")).isFalse();
      assertThat(read("other")).isEqualTo(bytes(2, 10));
    }

    @Test
    void deletingWhatIsNotThereIsDone() {
      store.delete("missing");
      put("blob", bytes(1, 10));
      store.delete("blob");
      store.delete("blob");
      assertThat(exists("blob")).isFalse();
    }
  }

  @Nested
  protected class Listing {

    @Test
    void isInBytewiseOrder() {
      List<String> keys = List.of("-", "a", "a-b", "a/b", "a/c", "a0", "ab", "b/0");
      keys.reversed().forEach(key -> put(key, bytes(1, 1)));
      assertThat(store.list("", null, 100)).containsExactlyElementsOf(keys);
    }

    @Test
    void holdsOnlyKeysThatBeginWithThePrefix() {
      List.of("a", "a/b", "a/c", "ab", "b").forEach(key -> put(key, bytes(1, 1)));
      assertThat(store.list("a/", null, 100)).containsExactly("a/b", "a/c");
      assertThat(store.list("a", null, 100)).containsExactly("a", "a/b", "a/c", "ab");
      assertThat(store.list("c", null, 100)).isEmpty();
    }

    @Test
    @Essential
    void pagesMeetEachKeyOnce() {
      TreeSet<String> keys = new TreeSet<>();
      Random random = new Random(1);
      while (keys.size() < 300) {
        keys.add("k/" + Long.toString(random.nextLong(1L << 40), 36));
      }
      keys.forEach(key -> put(key, bytes(1, 1)));
      List<String> listed = new ArrayList<>();
      List<String> page = store.list("k/", null, 7);
      while (!page.isEmpty()) {
        assertThat(page).hasSizeLessThanOrEqualTo(7);
        listed.addAll(page);
        page = store.list("k/", page.getLast(), 7);
      }
      assertThat(listed).containsExactlyElementsOf(keys);
    }
  }

  @Nested
  protected class Failures {

    @Test
    void aFullStoreRefusesUploadsButReadsAndDeletes() throws Exception {
      put("old", bytes(1, 1000));
      setFull(true);
      assertFails(whenFull(), () -> put("new", bytes(2, 1000)));
      assertThat(exists("new")).isFalse();
      assertThat(read("old")).isEqualTo(bytes(1, 1000));
      store.delete("old");
      assertThat(exists("old")).isFalse();
      setFull(false);
      put("new", bytes(2, 1000));
      assertThat(read("new")).isEqualTo(bytes(2, 1000));
    }

    @Test
    @Essential
    void aStoreThatDoesNotAnswerIsUnavailableAndComesBackWithoutARestart() throws Exception {
      put("blob", bytes(1, 1000));
      setDown(true);
      assertFails(ErrorCode.UNAVAILABLE, () -> read("blob"));
      assertFails(ErrorCode.UNAVAILABLE, () -> put("new", bytes(2, 1000)));
      assertFails(ErrorCode.UNAVAILABLE, () -> store.list("", null, 10));
      setDown(false);
      assertThat(read("blob")).isEqualTo(bytes(1, 1000));
      assertThat(exists("new")).isFalse();
      put("new", bytes(2, 1000));
      assertThat(read("new")).isEqualTo(bytes(2, 1000));
    }

    @Test
    void manyThreadsDoNotDisturbEachOther() throws Exception {
      race(
          RACERS,
          () -> {
            long seed = Thread.currentThread().threadId();
            for (int i = 0; i < 5; i++) {
              String key = "t" + seed + "/" + i;
              put(key, bytes(seed + i, 4096));
              assertThat(read(key)).isEqualTo(bytes(seed + i, 4096));
              if (i % 2 == 0) {
                store.delete(key);
                assertThat(exists(key)).isFalse();
              }
            }
            return seed;
          });
      assertThat(store.list("t", null, 1000)).hasSize(RACERS * 2);
    }
  }
}
