package dev.skep.domain.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.common.admission.MemoryBudget;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.SqlStore;
import dev.skep.testkit.Drive;
import dev.skep.testkit.ForwardingObjectStore;
import dev.skep.testkit.Race;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileContentsTest {

  private static final Precondition ONLY_NEW = new Precondition(List.of(), List.of("*"));
  private static final Precondition ANY = Precondition.NONE;

  @TempDir Path folder;
  private Drive drive;
  private FileContents contents;
  private Folders folders;
  private Lookup lookup;
  private Caller anna;

  @BeforeEach
  void open() {
    drive = Drive.open(folder);
    contents = drive.get(FileContents.class);
    folders = drive.get(Folders.class);
    lookup = drive.get(Lookup.class);
    anna = Someone.withHome(drive, "anna", -1);
  }

  @AfterEach
  void close() {
    drive.close();
  }

  @Test
  void whatTheStoreKeepsInMemoryCountsForTheUploaderUntilItHasEnded(@TempDir Path other) {
    long held = 5 << 20;
    try (Drive keeping =
        Drive.open(
            other,
            InstantSource.system(),
            tables -> tables,
            blobs ->
                new ForwardingObjectStore(blobs) {
                  @Override
                  public long held(long length) {
                    return held;
                  }
                })) {
      MemoryBudget memory = keeping.get(MemoryBudget.class);
      Caller bob = Someone.withHome(keeping, "bob", -1);
      long all = memory.free(MemoryBudget.Kind.UPLOAD);
      AtomicLong during = new AtomicLong();
      InputStream body =
          new ByteArrayInputStream(new byte[100_000]) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
              during.set(all - memory.free(MemoryBudget.Kind.UPLOAD));
              return super.read(into, offset, length);
            }
          };
      keeping
          .get(FileContents.class)
          .put(bob, path("/home/large"), Precondition.NONE, incoming(body, 100_000));
      assertThat(during.get()).isEqualTo(held);
      assertThat(memory.free(MemoryBudget.Kind.UPLOAD)).isEqualTo(all);

      assertThatThrownBy(
              () ->
                  keeping
                      .get(FileContents.class)
                      .put(
                          bob,
                          path("/home/short"),
                          Precondition.NONE,
                          incoming(new ByteArrayInputStream(new byte[10]), 100_000)))
          .isInstanceOf(SkepException.class);
      assertThat(memory.free(MemoryBudget.Kind.UPLOAD)).isEqualTo(all);
    }
  }

  @Test
  void whatIsStoredIsReadAgainWithItsDigestAndType() throws Exception {
    Stored stored = put(anna, "/home/notes/one.txt", "hello");

    assertThat(stored.created()).isTrue();
    assertThat(stored.node().path()).isEqualTo("/home/notes/one.txt");
    assertThat(stored.node().mediaType()).isEqualTo("text/plain");
    assertThat(stored.node().sha256()).isEqualTo(sha256("hello"));
    assertThat(stored.node().createdBy()).isEqualTo("anna");
    assertThat(stored.node().rights()).containsExactly("read", "write", "delete", "share", "admin");
    assertThat(read(anna, "/home/notes/one.txt")).isEqualTo("hello");
    assertThat(lookup.node(anna, path("/home/notes/one.txt"))).isEqualTo(stored.node());
  }

  @Test
  void aRangeIsReadFromItsOffset() throws Exception {
    put(anna, "/home/a", "0123456789");
    Download download = contents.open(anna, path("/home/a")).orElseThrow();
    try (InputStream range = download.open(3, 4)) {
      assertThat(range.readAllBytes()).asString().isEqualTo("3456");
    }
  }

  @Test
  void anEmptyFileIsAFile() throws Exception {
    Stored stored = put(anna, "/home/empty", "");
    assertThat(stored.node().size()).isZero();
    assertThat(read(anna, "/home/empty")).isEmpty();
  }

  @Test
  void missingFoldersAreMadeInTheSameChange() {
    long before = Someone.changes(drive, anna);
    put(anna, "/home/a/b/c/d.txt", "x");

    assertThat(Someone.changes(drive, anna)).isEqualTo(before + 1);
    assertThat(names("/home/a/b/")).containsExactly("c");
    assertThat(lookup.node(anna, path("/home/a/b/c/")).type()).isEqualTo("folder");
  }

  @Test
  void namesThatLookAlikeAreDifferentUnlessTheyAreTheSameInNfc() {
    List<String> different =
        List.of(
            "a", "A", "a ", " a", "ä", "ａ", "日本語", "العربية", "😀", "ß", "ss", "İ", "i", "%", "a;b",
            "a+b");
    different.forEach(name -> assertThat(put(anna, "/home/n/" + name, name).created()).isTrue());

    assertThat(put(anna, "/home/n/a\u0308", "decomposed").created()).isFalse();
    assertThat(names("/home/n/"))
        .containsExactlyElementsOf(different.stream().sorted(FileContentsTest::bytewise).toList());
  }

  @Test
  void overwritingKeepsWhatWasThereAsAVersionAndChargesBoth() throws Exception {
    Stored first = put(anna, "/home/a", "one");
    Stored second = put(anna, "/home/a", "three");

    assertThat(second.created()).isFalse();
    assertThat(second.node().id()).isEqualTo(first.node().id());
    assertThat(second.node().etag()).isNotEqualTo(first.node().etag());
    assertThat(second.node().revision()).isEqualTo(first.node().revision() + 1);
    assertThat(Someone.versions(drive, second.node())).containsExactly(3L, 5L);
    assertThat(Someone.used(drive, anna)).isEqualTo(8);
    assertThat(read(anna, "/home/a")).isEqualTo("three");
  }

  @Test
  void equalContentChangesNothing() {
    Stored first = put(anna, "/home/a", "same");
    long changes = Someone.changes(drive, anna);

    Stored again = put(anna, "/home/a", "same");

    assertThat(again.created()).isFalse();
    assertThat(again.node()).isEqualTo(first.node());
    assertThat(Someone.changes(drive, anna)).isEqualTo(changes);
    assertThat(Someone.versions(drive, first.node())).containsExactly(4L);
    assertThat(Someone.used(drive, anna)).isEqualTo(4);
  }

  @Test
  void aRepeatedUploadSucceedsThoughTheQuotaIsFull() {
    Caller bob = Someone.withHome(drive, "bob", 4);
    Stored first = put(bob, "/home/a", "full");
    assertThat(put(bob, "/home/a", "full").node()).isEqualTo(first.node());
    refused(ErrorCode.QUOTA_EXCEEDED, () -> put(bob, "/home/a", "FULL"));
    assertThat(Someone.used(drive, bob)).isEqualTo(4);
  }

  @Test
  void whatIsRefusedIsRefusedBeforeTheBodyIsRead() {
    put(anna, "/home/folder/file", "x");
    Caller bob = Someone.withHome(drive, "bob", 5);

    refusedUnread(ErrorCode.IS_A_FOLDER, anna, "/home/folder", ANY, 1);
    refusedUnread(ErrorCode.IS_A_FILE, anna, "/home/folder/file/below", ANY, 1);
    refusedUnread(ErrorCode.PRECONDITION_FAILED, anna, "/home/folder/file", ONLY_NEW, 1);
    refusedUnread(
        ErrorCode.PRECONDITION_FAILED,
        anna,
        "/home/nothing",
        new Precondition(List.of("*"), List.of()),
        1);
    refusedUnread(ErrorCode.NOT_FOUND, bob, "/home-anna/folder/new", ANY, 1);
    refusedUnread(ErrorCode.NOT_FOUND, anna, "/nowhere/new", ANY, 1);
    refusedUnread(ErrorCode.QUOTA_EXCEEDED, bob, "/home/a", ANY, 6);
    refusedUnread(ErrorCode.TOO_LARGE, anna, "/home/a", ANY, Long.MAX_VALUE);
    refusedUnread(ErrorCode.TOO_DEEP, anna, "/home" + "/d".repeat(129), ANY, 1);
  }

  @Test
  void readingAloneDoesNotAllowWriting() {
    NodeView shared = put(anna, "/home/shared/a", "x").node();
    Caller bob = Someone.withHome(drive, "bob", -1);
    Someone.may(drive, bob, shared, workspaceOf(shared), Rights.of(Right.READ));

    assertThat(lookup.node(bob, Target.node(shared.id())).path()).isEqualTo("a");
    refused(ErrorCode.FORBIDDEN, () -> put(bob, Target.node(shared.id()), "y", ANY));
    refused(ErrorCode.NOT_FOUND, () -> folders.children(bob, path("/home-anna/shared/"), page()));
  }

  @Test
  void writingAloneDoesNotAllowReading() {
    NodeView dropped = put(anna, "/home/drop/a", "x").node();
    Caller bob = Someone.withHome(drive, "bob", -1);
    UUID drop = lookup.node(anna, path("/home/drop")).id();
    Someone.may(
        drive,
        bob,
        lookup.node(anna, path("/home/drop")),
        workspaceOf(dropped),
        Rights.of(Right.WRITE));

    assertThat(put(bob, path("/home-anna/drop/b"), "from bob", ANY).created()).isTrue();
    refused(ErrorCode.FORBIDDEN, () -> folders.children(bob, Target.node(drop), page()));
    refused(ErrorCode.FORBIDDEN, () -> contents.open(bob, Target.node(dropped.id())));
  }

  @Test
  void aBodyThatBreaksOffChangesNothing() {
    put(anna, "/home/a", "old");
    long changes = Someone.changes(drive, anna);
    InputStream broken =
        new InputStream() {
          private int left = 100_000;

          @Override
          public int read() throws IOException {
            if (left-- == 0) {
              throw new IOException("connection reset");
            }
            return 'x';
          }
        };

    refused(
        ErrorCode.INCOMPLETE,
        () -> contents.put(anna, path("/home/a"), ANY, incoming(broken, 200_000)));

    assertThat(Someone.changes(drive, anna)).isEqualTo(changes);
    assertThat(lookup.node(anna, path("/home/a")).sha256()).isEqualTo(sha256("old"));
  }

  @Test
  void anotherDigestThanStatedStoresNothing() {
    for (ExpectedDigests wrong :
        List.of(
            new ExpectedDigests(sha256("other"), null),
            new ExpectedDigests(null, digest("SHA-512", "other")),
            new ExpectedDigests(sha256("hello"), digest("SHA-512", "other")))) {
      refused(ErrorCode.BAD_DIGEST, () -> put(anna, "/home/a", "hello", wrong));
    }
    refused(ErrorCode.NOT_FOUND, () -> lookup.node(anna, path("/home/a")));

    ExpectedDigests right = new ExpectedDigests(sha256("hello"), digest("SHA-512", "hello"));
    assertThat(put(anna, "/home/a", "hello", right).created()).isTrue();
  }

  @Test
  void aBodyOfUnknownLengthIsStoppedAtTheQuota() {
    Caller bob = Someone.withHome(drive, "bob", 1000);
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }
        };
    refused(
        ErrorCode.QUOTA_EXCEEDED,
        () -> contents.put(bob, path("/home/a"), ANY, incoming(endless, Incoming.UNKNOWN)));
    assertThat(Someone.used(drive, bob)).isZero();
  }

  @Test
  void ofAHundredRacingCreatesExactlyOneCreates() throws Exception {
    List<Boolean> created =
        Race.of(
            100,
            i ->
                () -> {
                  try {
                    return put(anna, path("/home/race/one"), "from " + i, ONLY_NEW).created();
                  } catch (SkepException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.PRECONDITION_FAILED);
                    return false;
                  }
                });
    assertThat(Collections.frequency(created, true)).isEqualTo(1);
    assertThat(names("/home/race/")).containsExactly("one");
  }

  @Test
  void racingPutsOfOneNameBecomeVersionsAndNoneIsLost() throws Exception {
    List<Stored> stored = Race.of(30, i -> () -> put(anna, "/home/race/one", "from " + i));

    assertThat(stored).filteredOn(Stored::created).hasSize(1);
    assertThat(Someone.versions(drive, stored.getFirst().node())).hasSize(30);
    assertThat(Someone.changes(drive, anna)).isEqualTo(30);
  }

  @Test
  void ofWritersWithOneEtagExactlyOneWins() throws Exception {
    String etag = put(anna, "/home/a", "first").node().etag();
    Precondition same = new Precondition(List.of(etag), List.of());
    List<Boolean> won =
        Race.of(
            20,
            i ->
                () -> {
                  try {
                    put(anna, path("/home/a"), "from " + i, same);
                    return true;
                  } catch (SkepException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.PRECONDITION_FAILED);
                    return false;
                  }
                });
    assertThat(Collections.frequency(won, true)).isEqualTo(1);
  }

  @Test
  void theQuotaIsMetToTheByteByRacingUploads() throws Exception {
    Caller bob = Someone.withHome(drive, "bob", 70);
    List<Boolean> stored =
        Race.of(
            40,
            i ->
                () -> {
                  try {
                    return put(bob, "/home/f" + i, "0123456789").created();
                  } catch (SkepException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
                    return false;
                  }
                });
    assertThat(Collections.frequency(stored, true)).isEqualTo(7);
    assertThat(Someone.used(drive, bob)).isEqualTo(70);
  }

  @Test
  void theDeepestAndLongestPathsAreStillAllowed() {
    assertThat(put(anna, "/home" + "/d".repeat(128), "deep").created()).isTrue();
    refused(ErrorCode.TOO_DEEP, () -> put(anna, "/home" + "/d".repeat(127) + "/e/f", "x"));

    String name = "n".repeat(255);
    String longest = "/home" + ("/" + name).repeat(16);
    assertThat(put(anna, longest, "long").created()).isTrue();
    refused(ErrorCode.BAD_PATH, () -> put(anna, longest + "/y", "x"));
    refused(ErrorCode.BAD_NAME, () -> put(anna, "/home/" + "n".repeat(256), "x"));
  }

  private List<String> names(String folder) {
    return folders.children(anna, path(folder), page()).items().stream()
        .map(NodeView::name)
        .toList();
  }

  private UUID workspaceOf(NodeView node) {
    return drive
        .get(SqlStore.class)
        .read(tx -> drive.get(Workspaces.class).ofOwner(tx, anna.accountId()).orElseThrow().id());
  }

  private static PageRequest page() {
    return PageRequest.of("test", 1000, null);
  }

  private Stored put(Caller caller, String path, String text) {
    return put(caller, path(path), text, ANY);
  }

  private Stored put(Caller caller, String path, String text, ExpectedDigests digests) {
    byte[] bytes = bytes(text);
    return contents.put(
        caller,
        path(path),
        ANY,
        new Incoming(new ByteArrayInputStream(bytes), bytes.length, null, null, digests));
  }

  private Stored put(Caller caller, Target target, String text, Precondition condition) {
    byte[] bytes = bytes(text);
    return contents.put(
        caller, target, condition, incoming(new ByteArrayInputStream(bytes), bytes.length));
  }

  private String read(Caller caller, String path) throws IOException {
    Download download = contents.open(caller, path(path)).orElseThrow();
    try (InputStream in = download.open(0, download.size())) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void refusedUnread(
      ErrorCode code, Caller caller, String path, Precondition condition, long length) {
    InputStream unread =
        new InputStream() {
          @Override
          public int read() {
            throw new AssertionError("the body was read");
          }
        };
    refused(code, () -> contents.put(caller, path(path), condition, incoming(unread, length)));
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).as(e.detail()).isEqualTo(code));
  }

  private static Incoming incoming(InputStream body, long length) {
    return new Incoming(body, length, null, null, ExpectedDigests.NONE);
  }

  private static FilePath path(String text) {
    List<String> segments = Arrays.asList(text.substring(1).split("/", -1));
    boolean folder = segments.getLast().isEmpty();
    int end = folder ? segments.size() - 1 : segments.size();
    return new FilePath(segments.getFirst(), segments.subList(1, end), folder);
  }

  private static int bytewise(String a, String b) {
    return Arrays.compareUnsigned(bytes(a), bytes(b));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String sha256(String text) {
    return digest("SHA-256", text);
  }

  private static String digest(String algorithm, String text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes(text)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
