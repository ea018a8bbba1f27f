package dev.skep.port.objects.embedded;

import static dev.skep.testkit.Failing.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.skep.common.ErrorCode;
import dev.skep.common.UnknownOutcomeException;
import dev.skep.common.disk.RealDisk;
import dev.skep.port.CannotOpen;
import dev.skep.port.objects.ObjectStore.Download;
import dev.skep.port.objects.ObjectStore.Upload;
import dev.skep.testkit.FaultyDisk;
import dev.skep.testkit.TinyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only files can do wrong: folders, full disks and failed forces (P2, P23). */
@Tag("P2")
@Tag("P23")
class EmbeddedObjectStoreDiskTest {

  private static final String KEY = "skep.objects.embedded.folder";

  @TempDir Path temp;
  private final List<EmbeddedObjectStore> opened = new ArrayList<>();
  private FaultyDisk disk;
  private Path folder;

  @BeforeEach
  void prepare() {
    disk = new FaultyDisk(new RealDisk());
    folder = temp.resolve("data/objects");
  }

  @AfterEach
  void closeAll() {
    opened.forEach(EmbeddedObjectStore::close);
  }

  private EmbeddedObjectStore open(Path at) {
    EmbeddedObjectStore store = new EmbeddedObjectStore(new TestConfig(at, 0), disk);
    opened.add(store);
    store.open();
    return store;
  }

  private void restart() {
    opened.forEach(EmbeddedObjectStore::close);
    opened.clear();
  }

  private static void put(EmbeddedObjectStore store, String key, int length) {
    try (Upload upload = store.create(key, -1)) {
      byte[] piece = new byte[8192];
      for (int left = length; left > 0; left -= piece.length) {
        upload.write(piece, 0, Math.min(left, piece.length));
      }
      upload.commit();
    }
  }

  private static boolean exists(EmbeddedObjectStore store, String key) {
    try (Download download = store.open(key, 0, -1)) {
      return download != null;
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static void assertRefused(Runnable opening, String line) {
    assertThatExceptionOfType(CannotOpen.class)
        .isThrownBy(opening::run)
        .satisfies(e -> assertThat(e.line()).isEqualTo(KEY + ": " + line));
  }

  @Test
  void aFolderInUseIsRefused() {
    open(folder);
    assertRefused(
        () -> open(folder),
        "the folder " + folder + " is in use. Stop the other Skep, or name another folder");
  }

  @Test
  void aClosedStoreLeavesItsFolderToTheNext() {
    put(open(folder), "blob", 10);
    restart();
    assertThat(exists(open(folder), "blob")).isTrue();
  }

  @Test
  void aReadOnlyFolderIsRefused() throws Exception {
    try (TinyDisk tiny = TinyDisk.of(temp.resolve("tiny"), 1 << 20)) {
      tiny.readOnly();
      Path inside = tiny.folder().resolve("objects");
      assertRefused(
          () -> open(inside),
          "the folder "
              + inside
              + " cannot be written (Read-only file system). Make it writable for the user who runs"
              + " Skep, or name another one");
    }
  }

  @Test
  void aFileInPlaceOfTheFolderIsRefused() throws Exception {
    Files.createDirectories(folder.getParent());
    Files.writeString(folder, "a file");
    assertThatExceptionOfType(CannotOpen.class)
        .isThrownBy(() -> open(folder))
        .satisfies(e -> assertThat(e.line()).startsWith(KEY + ": the folder " + folder));
  }

  @Test
  void aFolderOfANewerFormatIsRefusedAndUntouched() throws Exception {
    put(open(folder), "blob", 10);
    restart();
    Files.writeString(folder.resolve("format"), "skep-objects 2\n");
    List<Path> before = files();
    assertRefused(
        () -> open(folder),
        folder.resolve("format")
            + " is of format 2, written by a newer Skep; this one knows 1. Start the newer one");
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void aFolderOfUnknownFormatIsRefused() throws Exception {
    put(open(folder), "blob", 10);
    for (String content : List.of("", "skep", "skep-objects x", "skep-objects 1\nmore", "\0")) {
      restart();
      Files.writeString(folder.resolve("format"), content);
      assertRefused(
          () -> open(folder),
          folder.resolve("format")
              + " is missing or damaged, so the folder's format is unknown. Restore a backup");
    }
  }

  @Test
  void filesAndFoldersAreTheOwnersOnly() throws Exception {
    EmbeddedObjectStore store = open(folder);
    put(store, "blob", 10);
    try (Stream<Path> all = Files.walk(temp.resolve("data"))) {
      for (Path path : all.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as(path.toString())
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void uploadsOfADeadProcessAreRemovedAtTheNextStart() throws Exception {
    EmbeddedObjectStore dead = open(folder);
    dead.create("blob", -1).write(new byte[100_000], 0, 100_000);
    assertThat(folder.resolve("tmp")).isNotEmptyDirectory();
    restart();
    open(folder);
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void aDiskThatFillsUpRefusesTheUploadKeepsNothingOfItAndStillDeletes() throws Exception {
    try (TinyDisk tiny = TinyDisk.of(temp.resolve("tiny"), 1 << 20)) {
      EmbeddedObjectStore store = open(tiny.folder().resolve("objects"));
      put(store, "first", 300_000);
      long free = tiny.free();
      assertFails(ErrorCode.NO_SPACE, () -> put(store, "too-large", 2_000_000));
      assertThat(exists(store, "too-large")).isFalse();
      assertThat(tiny.free()).as("nothing of it is left").isEqualTo(free);
      Files.write(tiny.folder().resolve("filler"), new byte[(int) free]);
      assertThat(tiny.free()).isZero();
      assertFails(ErrorCode.NO_SPACE, () -> put(store, "small", 5000));
      assertThat(store.list("", null, 10)).containsExactly("first");
      store.delete("first");
      put(store, "small", 5000);
      assertThat(store.list("", null, 10)).containsExactly("small");
      restart();
    }
  }

  @Test
  void belowTheFreeSpaceLimitUploadsAreRefusedAndDeletingWorks() throws Exception {
    try (TinyDisk tiny = TinyDisk.of(temp.resolve("tiny"), 4 << 20)) {
      EmbeddedObjectStore store =
          new EmbeddedObjectStore(new TestConfig(tiny.folder().resolve("objects"), 2 << 20), disk);
      opened.add(store);
      store.open();
      assertFails(ErrorCode.NO_SPACE, () -> store.create("announced", 3 << 20));
      put(store, "old", 1 << 20);
      put(store, "last", 1 << 20);
      assertFails(ErrorCode.NO_SPACE, () -> put(store, "one-more", 1));
      store.delete("old");
      put(store, "one-more", 1);
      assertThat(store.list("", null, 10)).containsExactly("last", "one-more");
      restart();
    }
  }

  @Test
  void aFailedForceOfTheFileFailsThisUploadOnly() throws Exception {
    EmbeddedObjectStore store = open(folder);
    disk.failNextFileForce();
    try (Upload upload = store.create("blob", -1)) {
      upload.write(new byte[100], 0, 100);
      assertFails(ErrorCode.UNAVAILABLE, upload::commit);
      assertThatIllegalStateException()
          .as("a second try would force for nothing")
          .isThrownBy(upload::commit);
    }
    assertThat(exists(store, "blob")).isFalse();
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
    put(store, "blob", 100);
    assertThat(exists(store, "blob")).isTrue();
  }

  @Test
  void aFailedForceOfAFolderLeavesTheOutcomeUnknownAndEndsWritingThereUntilTheNextStart() {
    EmbeddedObjectStore store = open(folder);
    put(store, "other", 100);
    store.check();
    disk.duringFolderForce(disk::failNextFolderForce);
    assertThatExceptionOfType(UnknownOutcomeException.class)
        .isThrownBy(() -> put(store, "blob", 100));
    disk.duringFolderForce(() -> {});
    assertThat(exists(store, "blob")).isFalse();
    assertFails(ErrorCode.UNAVAILABLE, () -> put(store, "blob", 100));
    assertFails(ErrorCode.UNAVAILABLE, () -> store.delete("blob"));
    assertFails(ErrorCode.UNAVAILABLE, store::check);
    assertThat(store.list("", null, 10)).containsExactly("other");
    put(store, "another", 100);
    restart();
    EmbeddedObjectStore next = open(folder);
    next.check();
    put(next, "blob", 100);
    assertThat(next.list("", null, 10)).containsExactly("another", "blob", "other");
  }

  @Test
  void aDeletionThatCannotBeForcedHasAnUnknownOutcome() {
    EmbeddedObjectStore store = open(folder);
    put(store, "blob", 100);
    disk.failNextFolderForce();
    assertThatExceptionOfType(UnknownOutcomeException.class).isThrownBy(() -> store.delete("blob"));
    assertFails(ErrorCode.UNAVAILABLE, () -> store.delete("blob"));
  }

  @Test
  void aBlobIsHiddenUntilItIsDurable() {
    EmbeddedObjectStore store = open(folder);
    List<Object> seen = new ArrayList<>();
    disk.duringFolderForce(
        () -> {
          // Looking forces each folder once, too.
          disk.duringFolderForce(() -> {});
          seen.add(exists(store, "blob"));
          seen.add(store.list("", null, 10));
        });
    put(store, "blob", 100);
    assertThat(seen).containsExactly(false, List.of());
    assertThat(exists(store, "blob")).isTrue();
  }
}
