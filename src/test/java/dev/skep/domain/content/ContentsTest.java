package dev.skep.domain.content;

import static dev.skep.domain.content.ContentFixture.DEADLINE;
import static dev.skep.domain.content.ContentFixture.TestSql.ANNOUNCED;
import static dev.skep.domain.content.ContentFixture.TestSql.CONTENTS;
import static dev.skep.domain.content.ContentFixture.TestSql.PARTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.tree.Node;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentsTest {

  @TempDir Path folder;
  private ContentFixture store;

  /** On empty tables. */
  ContentFixture fixture(Path empty) {
    return new ContentFixture(empty);
  }

  @BeforeEach
  void open() {
    store = fixture(folder);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void whatIsReceivedAndNamedIsRead() throws Exception {
    Node file = store.file(store.root(store.workspace("team")), "a", "hello");
    assertThat(store.read(file.contentId())).isEqualTo("hello");
    assertThat(file.sha256())
        .isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    store.assertAllAgrees();
  }

  @Test
  void aBodyOfUnknownLengthIsReceivedToItsEnd() throws Exception {
    byte[] body = new byte[300_000];
    new Random(1).nextBytes(body);
    StoredBlob blob = store.contents.receiveBlob(new ByteArrayInputStream(body), -1);
    assertThat(blob.size()).isEqualTo(body.length);
    assertThat(blob.sha256())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body)));
  }

  @Test
  void anEmptyBodyIsAContent() throws Exception {
    Node file = store.file(store.root(store.workspace("team")), "empty", "");
    assertThat(store.read(file.contentId())).isEmpty();
    store.assertAllAgrees();
  }

  @Test
  void aContentIsTheSequenceOfItsParts() throws Exception {
    List<StoredBlob> parts = new ArrayList<>();
    StringBuilder whole = new StringBuilder();
    for (int number = 0; number < 1500; number++) {
      whole.append(number);
    }
    for (int number = 0; number < 20; number++) {
      parts.add(store.receiveBlob(whole.toString()));
    }
    UUID contentId = store.id();
    store.sql.write(tx -> name(tx, contentId, parts));
    assertThat(store.read(contentId)).isEqualTo(whole.toString().repeat(20));
  }

  @Test
  void aContentMayHaveMorePartsThanAStatementReturnsRows() throws Exception {
    List<StoredBlob> parts = new ArrayList<>();
    for (int number = 0; number < 2001; number++) {
      parts.add(new StoredBlob(UUID.randomUUID(), number, "00".repeat(32)));
    }
    store.sql.write(
        tx -> {
          parts.forEach(part -> tx.update(ContentSql.ANNOUNCE, part.blobId(), 0, store.now()));
          return parts;
        });
    UUID contentId = store.id();
    store.sql.write(tx -> name(tx, contentId, parts));
    assertThat(store.parts(contentId))
        .extracting(StoredPart::size)
        .containsExactlyElementsOf(parts.stream().map(StoredBlob::size).toList());
  }

  @Test
  void aBodyShorterOrLongerThanItsLengthLeavesNothing() {
    assertRefused(() -> receive(new byte[99], 100), ErrorCode.INCOMPLETE);
    assertRefused(() -> receive(new byte[101], 100), ErrorCode.INCOMPLETE);
    assertRefused(() -> receive(new byte[200_000], 100), ErrorCode.INCOMPLETE);
    assertRefused(() -> receive(new byte[100], 200_000), ErrorCode.INCOMPLETE);
    assertRefused(() -> receive(new byte[1], 0), ErrorCode.INCOMPLETE);
    assertThat(store.keys()).isEmpty();
  }

  @Test
  void aBodyThatBreaksOffLeavesNothing() {
    InputStream broken =
        new InputStream() {
          private int left = 150_000;

          @Override
          public int read() throws IOException {
            if (left-- == 0) {
              throw new IOException("connection reset");
            }
            return 1;
          }
        };
    assertRefused(() -> store.contents.receiveBlob(broken, 200_000), ErrorCode.INCOMPLETE);
    assertThat(store.keys()).isEmpty();
  }

  @Test
  void aHundredUploadsNeedOneAnnouncement() {
    for (int upload = 0; upload < 100; upload++) {
      store.receiveBlob("x");
      assertThat(store.count(ANNOUNCED)).isEqualTo(100);
    }
    store.receiveBlob("x");
    assertThat(store.count(ANNOUNCED)).isEqualTo(200);
  }

  @Test
  void idsNearTheirDeadlineAreThrownAway() {
    store.receiveBlob("x");
    store.pass(DEADLINE.dividedBy(2).plusSeconds(1));
    StoredBlob late = store.receiveBlob("y");
    store.pass(DEADLINE.dividedBy(2));
    store.sweep();
    assertThat(store.state(late.blobId())).isZero();
  }

  @Test
  void aBlobIsAnnouncedBeforeItIsWritten() {
    List<Long> states = new ArrayList<>();
    InputStream spy =
        new InputStream() {
          @Override
          public int read() {
            states.add(store.count(ANNOUNCED));
            return -1;
          }
        };
    store.newReplica().receiveBlob(spy, -1);
    assertThat(states).isNotEmpty().allSatisfy(count -> assertThat(count).isEqualTo(100));
  }

  @Test
  void anUploadThatTakesLongRenewsItsAnnouncement() throws Exception {
    StoredBlob blob = store.contents.receiveBlob(slow(20, true), -1);
    assertThat(store.state(blob.blobId())).isZero();
    UUID contentId = store.id();
    store.sql.write(tx -> name(tx, contentId, List.of(blob)));
    assertThat(store.read(contentId)).hasSize(20);
  }

  @Test
  void anUploadPausedBeyondItsDeadlineIsRefusedAndLeavesNothing() {
    InputStream paused =
        new InputStream() {
          private int left = 3;

          @Override
          public int read() {
            store.pass(DEADLINE.plusSeconds(1));
            store.sweep();
            return left-- > 0 ? 1 : -1;
          }
        };
    assertRefused(() -> store.contents.receiveBlob(paused, -1), ErrorCode.BLOB_GONE);
    assertThat(store.keys()).isEmpty();
  }

  @Test
  void aBlobNamedAfterItWasCollectedIsRefused() {
    StoredBlob blob = store.receiveBlob("late");
    store.pass(DEADLINE.plusSeconds(1));
    store.sweep();
    UUID contentId = store.id();
    assertRefused(
        () -> store.sql.write(tx -> name(tx, contentId, List.of(blob))), ErrorCode.BLOB_GONE);
    assertThat(store.count(CONTENTS)).isZero();
    assertThat(store.count(PARTS)).isZero();
  }

  @Test
  void aBlobIsNamedOnce() {
    Node file = store.file(store.root(store.workspace("team")), "a", "x");
    StoredPart part = store.parts(file.contentId()).getFirst();
    StoredBlob again = new StoredBlob(part.blobId(), part.size(), part.sha256());
    assertRefused(
        () -> store.sql.write(tx -> name(tx, new UUID(9, 9), List.of(again))), ErrorCode.BLOB_GONE);
  }

  @Test
  void aContentGoesWithItsLastVersion() {
    Node root = store.root(store.workspace("team"));
    Node file = store.file(root, "a", "x");
    Node copy = store.copy(file, root, "b");
    UUID blobId = store.parts(file.contentId()).getFirst().blobId();
    release(file);
    assertThat(store.state(blobId)).isEqualTo(1);
    release(copy);
    assertThat(store.state(blobId)).isEqualTo(2);
    assertThat(store.count(CONTENTS)).isZero();
    assertThat(store.count(PARTS)).isZero();
    assertThat(store.stored(blobId)).isTrue();
  }

  @Test
  void aReleasedContentCannotBeCopied() {
    Node root = store.root(store.workspace("team"));
    Node file = store.file(root, "a", "x");
    release(file);
    assertRefused(() -> store.copy(file, root, "b"), ErrorCode.BLOB_GONE);
  }

  private void release(Node file) {
    store.sql.write(
        tx -> {
          store.deleteVersionsAndRelease(tx, file);
          return file;
        });
  }

  private UUID name(dev.skep.port.sql.Tx tx, UUID contentId, List<StoredBlob> parts) {
    store.contents.name(tx, contentId, parts, null, store.now());
    return contentId;
  }

  private void receive(byte[] body, long length) {
    store.contents.receiveBlob(new ByteArrayInputStream(body), length);
  }

  /** A body whose every byte takes a quarter of the deadline. */
  private InputStream slow(int bytes, boolean sweeping) {
    return new InputStream() {
      private int left = bytes;

      @Override
      public int read() {
        store.pass(DEADLINE.dividedBy(4));
        if (sweeping) {
          store.sweep();
        }
        return left-- > 0 ? 1 : -1;
      }

      @Override
      public int read(byte[] into, int offset, int length) {
        int next = read();
        if (next < 0) {
          return -1;
        }
        into[offset] = (byte) next;
        return 1;
      }
    };
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(SkepException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
