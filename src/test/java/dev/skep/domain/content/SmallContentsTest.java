package dev.skep.domain.content;

import static dev.skep.domain.content.ContentFixture.TestSql.BLOBS;
import static dev.skep.domain.content.ContentFixture.TestSql.CONTENTS;
import static dev.skep.domain.content.ContentFixture.TestSql.NODES;
import static dev.skep.domain.content.ContentFixture.TestSql.PARTS;
import static dev.skep.domain.content.ContentFixture.TestSql.WRONG_DIGEST;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.content.ContentCheck.Finding;
import dev.skep.domain.content.ContentCheck.Problem;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Workspace;
import dev.skep.port.objects.ObjectStore;
import dev.skep.port.sql.SqlStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ADR 12: the bytes of a small content live and die with its row. */
class SmallContentsTest {

  private static final int LIMIT = 1000;

  @TempDir Path folder;

  private final Random random = new Random(3);

  /** What stands around the embedded tables, or instead of them. */
  UnaryOperator<SqlStore> tables() {
    return ContentFixture.Twice::new;
  }

  private ContentFixture open() {
    return new ContentFixture(folder, SweeperTest.inMemory(), tables(), LIMIT);
  }

  /** Where any call of the object store is a failure. */
  private ContentFixture withoutObjects() {
    return new ContentFixture(folder, objects -> unusable(), tables(), LIMIT);
  }

  @Test
  void aSmallContentNeverTouchesTheObjectStoreNorTheSweeper() throws Exception {
    try (ContentFixture store = withoutObjects()) {
      Node root = store.root(store.workspace("team"));
      Node file = store.file(root, "a", "hello");
      assertThat(store.read(file.contentId())).isEqualTo("hello");
      assertThat(file.sha256())
          .isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
      Node copy = store.copy(file, root, "b");
      release(store, file);
      assertThat(store.read(copy.contentId())).isEqualTo("hello");
      release(store, copy);
      assertThat(store.count(CONTENTS)).isZero();
      assertThat(store.count(BLOBS)).isZero();
      store.sweepUntilNothingIsLeft();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, LIMIT - 1, LIMIT, LIMIT + 1, 3 * LIMIT, 70_000})
  void theLimitDecidesWhetherTheLengthIsKnownOrNot(int size) throws Exception {
    byte[] body = bytes(size);
    boolean large = size > LIMIT;
    try (ContentFixture store = open()) {
      for (int length : new int[] {size, -1}) {
        UUID contentId = store.id();
        Received received = store.contents.receive(contentId, trickling(body), length);
        assertThat(received.size()).isEqualTo(size);
        assertThat(received.sha256()).isEqualTo(sha256(body));
        assertThat(received).isInstanceOf(large ? StoredBlob.class : SmallContent.class);
        name(store, contentId, received);
        assertThat(bytesOf(store, contentId)).isEqualTo(body);
        assertThat(store.framed(contentId) == null).isEqualTo(large);
      }
      assertThat(store.count(PARTS)).isEqualTo(large ? 2 : 0);
      assertThat(store.keys()).hasSize(large ? 2 : 0);
    }
  }

  @Test
  void withALimitOfZeroEveryContentIsABlob() {
    try (ContentFixture store = open()) {
      for (int size : new int[] {0, 1}) {
        for (int length : new int[] {size, -1}) {
          assertThat(store.newReplica(0).receive(store.id(), body(new byte[size]), length))
              .isInstanceOf(StoredBlob.class);
        }
      }
    }
  }

  @Test
  void anotherLimitChangesNothingForWhatIsStored() throws Exception {
    try (ContentFixture store = open()) {
      Node root = store.root(store.workspace("team"));
      Node small = store.file(root, "small", "s");
      Node large = store.file(root, "large", "l".repeat(LIMIT + 1));
      for (Contents other : List.of(store.newReplica(0), store.newReplica(65_536))) {
        for (Node file : List.of(small, large)) {
          StoredContent content = store.sql.read(tx -> other.find(tx, file.contentId()));
          try (ContentStream stream = content.open(0, -1)) {
            assertThat(stream.readAllBytes()).hasSize((int) file.size());
          }
        }
      }
      store.assertAllAgrees();
    }
  }

  @Test
  void anyRangeIsTheSameRangeOfTheWhole() throws Exception {
    byte[] body = bytes(LIMIT);
    try (ContentFixture store = withoutObjects()) {
      UUID contentId = named(store, body);
      StoredContent content = store.sql.read(tx -> store.contents.find(tx, contentId));
      for (int round = 0; round < 200; round++) {
        int from = random.nextInt(LIMIT + 1);
        int count = random.nextInt(LIMIT - from + 1);
        try (ContentStream stream = content.open(from, count)) {
          assertThat(stream.readAllBytes()).isEqualTo(Arrays.copyOfRange(body, from, from + count));
        }
      }
      assertThatThrownBy(() -> content.open(1, LIMIT)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatIsReceivedAndNotNamedWasNeverThere() {
    try (ContentFixture store = withoutObjects()) {
      store.receive(store.id(), "refused");
      assertThat(store.count(CONTENTS)).isZero();
      assertThat(store.count(BLOBS)).isZero();
    }
  }

  @Test
  void aBodyShorterOrLongerThanItsLengthOrBrokenOffIsRefused() {
    try (ContentFixture store = withoutObjects()) {
      assertRefused(() -> receive(store, body(new byte[99]), 100), ErrorCode.INCOMPLETE, "only 99");
      assertRefused(() -> receive(store, body(new byte[101]), 100), ErrorCode.INCOMPLETE, "more");
      assertRefused(() -> receive(store, body(new byte[9999]), 100), ErrorCode.INCOMPLETE, "more");
      assertRefused(() -> receive(store, body(new byte[1]), 0), ErrorCode.INCOMPLETE, "more");
      InputStream broken =
          new SequenceInputStream(
              body(new byte[50]),
              new InputStream() {
                @Override
                public int read() throws IOException {
                  throw new IOException("connection reset");
                }
              });
      assertRefused(() -> receive(store, broken, 100), ErrorCode.INCOMPLETE, "after 50 bytes");
    }
  }

  @Test
  void aReleasedContentCannotBeCopied() {
    try (ContentFixture store = withoutObjects()) {
      Node root = store.root(store.workspace("team"));
      Node file = store.file(root, "a", "x");
      release(store, file);
      long before = store.count(NODES);
      assertRefused(() -> store.copy(file, root, "b"), ErrorCode.BLOB_GONE, "purged");
      assertThat(store.count(NODES)).isEqualTo(before);
    }
  }

  @Test
  void aPurgedFolderGoesWithItsSmallContents() {
    try (ContentFixture store = open()) {
      Workspace team = store.workspace("team");
      Node top = store.folder(store.root(team), "top");
      List<Node> files = SweeperTest.fill(store, top, 250);
      store.file(top, "large", "l".repeat(LIMIT + 1));
      Node kept = store.copy(files.getFirst(), store.root(team), "kept");
      store.purge(top);
      store.sweepUntilNothingIsLeft();
      assertThat(store.count(CONTENTS)).isEqualTo(1);
      assertThat(store.count(BLOBS)).isZero();
      assertThat(store.keys()).isEmpty();
      assertThat(store.used(team)).isEqualTo(kept.size());
      store.assertAllAgrees();
    }
  }

  @Test
  void aFlippedBitAnywhereIsNeverServedAndIsFoundByTheCheck() {
    try (ContentFixture store = withoutObjects()) {
      UUID contentId = named(store, bytes(20));
      byte[] whole = requireNonNull(store.framed(contentId));
      for (int bit = 0; bit < whole.length * 8; bit++) {
        byte[] damaged = whole.clone();
        damaged[bit / 8] ^= (byte) (1 << bit % 8);
        assertCorrupt(store, contentId, damaged);
      }
      assertCorrupt(store, contentId, Arrays.copyOf(whole, whole.length - 1));
      assertCorrupt(store, contentId, Arrays.copyOf(whole, whole.length + 1));
      assertCorrupt(store, contentId, new byte[0]);
    }
  }

  @Test
  void theBytesOfAnotherContentAreNotTakenForThisOnes() {
    try (ContentFixture store = withoutObjects()) {
      UUID one = named(store, bytes(30));
      UUID other = named(store, bytes(30));
      assertCorrupt(store, one, requireNonNull(store.framed(other)));
    }
  }

  @Test
  void aContentWithoutItsRowIsCorrupt() {
    try (ContentFixture store = withoutObjects()) {
      assertRefused(() -> bytesOf(store, store.id()), ErrorCode.CORRUPT, "is missing");
    }
  }

  @Test
  void theCheckNamesWhatIsDamagedAndNothingElse() {
    try (ContentFixture store = open()) {
      Node root = store.root(store.workspace("team"));
      Node damaged = store.file(root, "damaged", "x");
      Node other = store.file(root, "other", "y");
      SweeperTest.fill(store, root, 250);
      store.file(root, "large", "l".repeat(LIMIT + 1));
      store.assertAllAgrees();
      byte[] framed = requireNonNull(store.framed(damaged.contentId()));
      framed[Frames.HEADER] ^= 1;
      store.damage(damaged.contentId(), framed);
      store.sql.write(tx -> tx.update(WRONG_DIGEST, new byte[32], other.contentId()));
      assertThat(store.check.findings())
          .extracting(Finding::problem, Finding::what)
          .containsExactlyInAnyOrder(
              tuple(Problem.DAMAGED, damaged.contentId().toString()),
              tuple(Problem.DAMAGED, other.contentId().toString()));
    }
  }

  @Test
  void aSmallContentIsNotNamedAsAnotherOne() {
    try (ContentFixture store = withoutObjects()) {
      Received received = store.receive(store.id(), "x");
      assertThatThrownBy(() -> name(store, store.id(), received))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static void assertCorrupt(ContentFixture store, UUID contentId, byte[] framed) {
    store.damage(contentId, framed);
    assertRefused(() -> bytesOf(store, contentId), ErrorCode.CORRUPT, contentId.toString());
    assertThat(store.check.findings())
        .contains(
            new Finding(
                Problem.DAMAGED, contentId.toString(), "its bytes are not those that were stored"));
  }

  private static void release(ContentFixture store, Node file) {
    store.sql.write(
        tx -> {
          store.deleteVersionsAndRelease(tx, file);
          return file;
        });
  }

  private static void receive(ContentFixture store, InputStream body, long length) {
    store.contents.receive(store.id(), body, length);
  }

  private static UUID named(ContentFixture store, byte[] body) {
    UUID contentId = store.id();
    name(store, contentId, store.contents.receive(contentId, body(body), body.length));
    return contentId;
  }

  private static void name(ContentFixture store, UUID contentId, Received received) {
    store.sql.write(
        tx -> {
          store.contents.name(tx, contentId, received, store.now());
          return contentId;
        });
  }

  private static byte[] bytesOf(ContentFixture store, UUID contentId) throws IOException {
    StoredContent content = store.sql.read(tx -> store.contents.find(tx, contentId));
    try (ContentStream stream = content.open(0, -1)) {
      return stream.readAllBytes();
    }
  }

  private static InputStream body(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  /** In pieces of at most 300 bytes. */
  private static InputStream trickling(byte[] bytes) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] into, int offset, int length) {
        return super.read(into, offset, Math.min(length, 300));
      }
    };
  }

  private byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static ObjectStore unusable() {
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("list")) {
                return List.of(); // the check's question
              }
              throw new AssertionError("the object store was asked to " + method.getName());
            });
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code, String detail) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SkepException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.detail()).contains(detail);
            });
  }
}
