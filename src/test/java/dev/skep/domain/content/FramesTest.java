package dev.skep.domain.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.port.objects.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FramesTest {

  private static final int[] EDGES = {
    0,
    1,
    Frames.SIZE - 1,
    Frames.SIZE,
    Frames.SIZE + 1,
    2 * Frames.SIZE,
    4 * Frames.SIZE,
    4 * Frames.SIZE + 1,
    9 * Frames.SIZE + 7
  };

  private final Random random = new Random(7);
  private final MemoryObjects objects = new MemoryObjects();
  private final UUID contentId = UUID.randomUUID();
  private final StoredContent.Source source =
      (part, from, count) -> objects.open(key(part), from, count);

  @Test
  void whatWasWrittenIsReadWhateverItsSize() throws Exception {
    for (int size : EDGES) {
      byte[] content = bytes(size);
      assertThat(read(List.of(store(content)), 0, size)).isEqualTo(content);
    }
    for (int round = 0; round < 200; round++) {
      byte[] content = bytes(random.nextInt(6 * Frames.SIZE));
      assertThat(read(List.of(store(content)), 0, content.length)).isEqualTo(content);
    }
  }

  @Test
  void theStoredSizeFollowsFromTheSize() throws Exception {
    for (int size : EDGES) {
      StoredPart part = store(bytes(size));
      assertThat(objects.blobs.get(key(part))).hasSize((int) Frames.storedSize(size));
    }
  }

  @Test
  void theFirstByteTellsTheFormat() throws Exception {
    assertThat(objects.blobs.get(key(store(bytes(5))))).startsWith(1);
  }

  @Test
  void anyRangeOfAnyPartsIsTheSameRangeOfTheWhole() throws Exception {
    for (int round = 0; round < 500; round++) {
      List<StoredPart> parts = new ArrayList<>();
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      for (int part = 0; part <= random.nextInt(5); part++) {
        byte[] content = bytes(size());
        whole.writeBytes(content);
        parts.add(store(content));
      }
      int from = random.nextInt(whole.size() + 1);
      int length = random.nextInt(whole.size() - from + 1);
      assertThat(read(parts, from, length))
          .isEqualTo(Arrays.copyOfRange(whole.toByteArray(), from, from + length));
    }
  }

  private int size() {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> EDGES[random.nextInt(EDGES.length)];
      case 2 -> random.nextInt(100);
      default -> random.nextInt(3 * Frames.SIZE);
    };
  }

  @Test
  void aRangeReadsOnlyTheFramesThatHoldIt() throws Exception {
    StoredPart part = store(bytes(50 * Frames.SIZE));
    objects.bytesRead = 0;
    read(List.of(part), 30 * Frames.SIZE + 5, 10);
    assertThat(objects.bytesRead).isEqualTo(Frames.STORED);
    objects.bytesRead = 0;
    read(List.of(part), 30 * Frames.SIZE - 5, 10);
    assertThat(objects.bytesRead).isEqualTo(2 * Frames.STORED);
  }

  @Test
  void aFlippedBitAnywhereIsDetected() throws Exception {
    byte[] content = bytes(Frames.SIZE + 40);
    StoredPart part = store(content);
    byte[] whole = objects.blobs.get(key(part));
    for (int at = 0; at < whole.length; at++) {
      // All bytes but those in the middle of the first frame, of which there are many: every 97th.
      if (at < 200 || at > Frames.SIZE - 100 || at % 97 == 0) {
        objects.flip(key(part), at * 8 + random.nextInt(8));
        assertCorrupt(() -> read(List.of(part), 0, content.length), at);
        objects.blobs.put(key(part), whole);
      }
    }
  }

  @Test
  void aFlippedBitInAnEmptyOrTinyBlobIsDetected() throws Exception {
    for (int size : new int[] {0, 1, 9}) {
      StoredPart part = store(bytes(size));
      byte[] whole = objects.blobs.get(key(part));
      for (int bit = 0; bit < whole.length * 8; bit++) {
        objects.flip(key(part), bit);
        assertCorrupt(() -> read(List.of(part), 0, size), bit);
        objects.blobs.put(key(part), whole);
      }
    }
  }

  @Test
  void aDamagedFrameIsNamedAndNothingOfItIsHandedOut() throws Exception {
    byte[] content = bytes(5 * Frames.SIZE);
    StoredPart part = store(content);
    objects.flip(key(part), (int) (Frames.position(3) + 100) * 8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThatThrownBy(
            () -> new ContentStream(source, List.of(part), 0, content.length).writeTo(out))
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT))
        .hasMessageContaining(contentId.toString())
        .hasMessageContaining("frame 3");
    assertThat(out.toByteArray()).isEqualTo(Arrays.copyOf(content, 3 * Frames.SIZE));
    assertThat(read(List.of(part), 4 * Frames.SIZE, 10))
        .isEqualTo(Arrays.copyOfRange(content, 4 * Frames.SIZE, 4 * Frames.SIZE + 10));
  }

  @Test
  void aTruncatedOrLengthenedBlobIsDetected() throws Exception {
    StoredPart part = store(bytes(3 * Frames.SIZE));
    byte[] whole = objects.blobs.get(key(part));
    int[] lengths = {
      0, 1, Frames.HEADER, (int) Frames.position(1), (int) Frames.position(2), whole.length - 1
    };
    for (int length : lengths) {
      objects.resize(key(part), length);
      assertCorrupt(() -> read(List.of(part), 0, 3 * Frames.SIZE), length);
      assertCorrupt(() -> read(List.of(part), 5, 1), length);
      objects.blobs.put(key(part), whole);
    }
    objects.resize(key(part), whole.length + 1);
    assertCorrupt(() -> read(List.of(part), 0, 3 * Frames.SIZE), whole.length + 1);
  }

  @Test
  void aBlobCutOffBetweenTwoFramesIsNotTakenForAShorterOne() throws Exception {
    StoredPart part = store(bytes(3 * Frames.SIZE));
    objects.resize(key(part), (int) Frames.position(2));
    StoredPart shorter =
        new StoredPart(contentId, 0, part.blobId(), 2 * Frames.SIZE, part.sha256());
    assertCorrupt(() -> read(List.of(shorter), 0, 2 * Frames.SIZE), 2);
  }

  @Test
  void framesCannotChangePlaces() throws Exception {
    StoredPart part = store(bytes(4 * Frames.SIZE));
    byte[] swapped = objects.blobs.get(key(part)).clone();
    byte[] whole = swapped.clone();
    System.arraycopy(whole, Frames.HEADER, swapped, (int) Frames.position(1), Frames.STORED);
    System.arraycopy(whole, (int) Frames.position(1), swapped, Frames.HEADER, Frames.STORED);
    objects.blobs.put(key(part), swapped);
    assertCorrupt(() -> read(List.of(part), 0, 10), 0);
    assertCorrupt(() -> read(List.of(part), Frames.SIZE, 10), 1);
  }

  @Test
  void anotherBlobOfTheSameSizeIsNotTakenForThisOne() throws Exception {
    StoredPart one = store(bytes(2 * Frames.SIZE));
    StoredPart other = store(bytes(2 * Frames.SIZE));
    objects.blobs.put(key(one), objects.blobs.get(key(other)));
    assertCorrupt(() -> read(List.of(one), 0, 10), 0);
    assertCorrupt(() -> read(List.of(one), Frames.SIZE + 1, 10), 1);
  }

  @Test
  void aMissingBlobIsToldWhenTheContentIsOpened() throws Exception {
    StoredPart empty = store(bytes(0));
    StoredPart full = store(bytes(10));
    objects.blobs.clear();
    assertCorrupt(() -> new ContentStream(source, List.of(empty), 0, 0), 0);
    assertCorrupt(() -> new ContentStream(source, List.of(full), 3, 2), 0);
  }

  @Test
  void aStreamGivesTheSameBytesHoweverItIsRead() throws Exception {
    byte[] content = bytes(3 * Frames.SIZE + 11);
    StoredPart part = store(content);
    try (ContentStream stream = new ContentStream(source, List.of(part), 0, content.length)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      while (out.size() < content.length) {
        out.write(stream.read());
        out.writeBytes(stream.readNBytes(random.nextInt(20_000)));
        long skipped = stream.skip(random.nextInt(2));
        out.write(content, out.size(), (int) skipped);
      }
      assertThat(stream.read()).isEqualTo(-1);
      assertThat(stream.read(new byte[3], 0, 3)).isEqualTo(-1);
      assertThat(out.toByteArray()).isEqualTo(content);
    }
  }

  @Test
  void aBodyThatComesInSmallPiecesIsStoredTheSame() throws Exception {
    byte[] content = bytes(2 * Frames.SIZE + 3);
    InputStream trickle =
        new InputStream() {
          private final InputStream in = new ByteArrayInputStream(content);

          @Override
          public int read() throws IOException {
            return in.read();
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            return in.read(into, offset, Math.min(length, 1 + random.nextInt(999)));
          }
        };
    StoredPart part = store(trickle, -1);
    assertThat(part.size()).isEqualTo(content.length);
    assertThat(read(List.of(part), 0, content.length)).isEqualTo(content);
  }

  private StoredPart store(byte[] content) throws Exception {
    return store(new ByteArrayInputStream(content), random.nextBoolean() ? content.length : -1);
  }

  private StoredPart store(InputStream body, long expected) throws Exception {
    UUID id = UUID.randomUUID();
    long stored = expected < 0 ? -1 : Frames.storedSize(expected);
    try (ObjectStore.Upload upload = objects.create(BlobAddress.of(id), stored)) {
      FrameWriter writer =
          new FrameWriter(upload, id, MessageDigest.getInstance("SHA-256"), expected);
      while (writer.take(body)) {
        // until its end
      }
      writer.finish();
      upload.commit();
      return new StoredPart(contentId, 0, id, writer.size(), "00");
    }
  }

  private byte[] read(List<StoredPart> parts, long offset, long length) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ContentStream stream = new ContentStream(source, parts, offset, length)) {
      stream.writeTo(out);
    }
    return out.toByteArray();
  }

  private static void assertCorrupt(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable reading, int at) {
    assertThatThrownBy(reading)
        .as("at %d", at)
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
  }

  private byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String key(StoredPart part) {
    return BlobAddress.of(part.blobId());
  }
}
