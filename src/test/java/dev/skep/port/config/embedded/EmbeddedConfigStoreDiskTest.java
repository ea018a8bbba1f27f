package dev.skep.port.config.embedded;

import static dev.skep.testkit.Failing.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skep.common.ErrorCode;
import dev.skep.common.UnknownOutcomeException;
import dev.skep.common.disk.RealDisk;
import dev.skep.port.CannotOpen;
import dev.skep.port.config.ConfigStore.Author;
import dev.skep.port.config.ConfigStore.Entry;
import dev.skep.testkit.FaultyDisk;
import dev.skep.testkit.TinyDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a file can do wrong: damage, newer formats, full disks and failed forces (P2, P23). */
@Tag("P2")
@Tag("P23")
class EmbeddedConfigStoreDiskTest {

  private static final String KEY = "skep.config.embedded.folder";
  private static final Author ANNA = new Author("anna", Instant.EPOCH);

  @TempDir Path temp;
  private final List<EmbeddedConfigStore> opened = new ArrayList<>();
  private FaultyDisk disk;
  private Path folder;
  private Path file;

  @BeforeEach
  void prepare() {
    disk = new FaultyDisk(new RealDisk());
    folder = temp.resolve("data/config");
    file = folder.resolve("settings.json");
  }

  @AfterEach
  void closeAll() {
    opened.forEach(EmbeddedConfigStore::close);
  }

  private EmbeddedConfigStore open(Path at) {
    EmbeddedConfigStore store = new EmbeddedConfigStore(() -> at, disk);
    opened.add(store);
    store.open();
    return store;
  }

  private void restart() {
    opened.forEach(EmbeddedConfigStore::close);
    opened.clear();
  }

  private static void assertRefused(Runnable opening, String line) {
    assertThatExceptionOfType(CannotOpen.class)
        .isThrownBy(opening::run)
        .satisfies(e -> assertThat(e.line()).isEqualTo(KEY + ": " + line));
  }

  @Test
  void theFileIsReadableJsonOfTheOwnerOnly() throws Exception {
    open(folder).set("a.b", "välue", 0, ANNA);
    assertThat(Files.readString(file))
        .startsWith("{\"format\":1,\"crc32c\":\"")
        .contains(
            "\"a.b\":{\"value\":\"välue\",\"revision\":1,\"author\":\"anna\",\"at\":\"1970-01-01T00:00:00Z\"}");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aFolderInUseIsRefused() {
    open(folder);
    assertRefused(
        () -> open(folder),
        "the folder " + folder + " is in use. Stop the other Skep, or name another folder");
  }

  @Test
  void aReadOnlyFolderIsRefused() throws Exception {
    try (TinyDisk tiny = TinyDisk.of(temp.resolve("tiny"), 1 << 20)) {
      Path inside = tiny.folder().resolve("config");
      open(inside).set("key", "value", 0, ANNA);
      restart();
      tiny.readOnly();
      assertRefused(
          () -> open(inside),
          "the folder "
              + inside
              + " cannot be written (Read-only file system). Make it writable for the user who runs"
              + " Skep, or name another one");
    }
  }

  @Test
  void aFileThatIsDamagedAnywhereIsRefusedByName() throws Exception {
    open(folder).set("key", "value", 0, ANNA);
    restart();
    byte[] sound = Files.readAllBytes(file);
    for (int i = 0; i < sound.length; i++) {
      byte[] flipped = sound.clone();
      flipped[i] ^= 1;
      assertDamaged(flipped, i);
      byte[] cut = Arrays.copyOf(sound, i);
      assertDamaged(cut, i);
    }
    Files.write(file, sound);
    assertThat(open(folder).get("key").value()).isEqualTo("value");
  }

  private void assertDamaged(byte[] content, int at) throws Exception {
    Files.write(file, content);
    assertThatExceptionOfType(CannotOpen.class)
        .as("damage at " + at)
        .isThrownBy(() -> open(folder))
        .satisfies(e -> assertThat(e.line()).startsWith(KEY + ": " + file + " is "));
    restart();
    assertThat(Files.readAllBytes(file)).as("left as it was").isEqualTo(content);
  }

  @Test
  void aTornFileIsCalledDamaged() throws Exception {
    open(folder).set("key", "value", 0, ANNA);
    restart();
    Files.writeString(file, "{\"format\":1,");
    assertRefused(
        () -> open(folder),
        file
            + " is damaged: it is not valid JSON. Restore it from a backup, or move it away to"
            + " start with default settings");
  }

  @Test
  void aFileOfANewerFormatIsRefused() throws Exception {
    open(folder);
    restart();
    Files.writeString(file, "{\"format\":2,\"settings\":{\"shape\":\"unknown\"}}");
    assertRefused(
        () -> open(folder),
        file
            + " is of format 2, written by a newer Skep; this one knows format 1. Start the newer"
            + " one");
  }

  @Test
  void aDiskThatFillsUpRefusesTheWriteAndKeepsTheOldSettings() throws Exception {
    try (TinyDisk tiny = TinyDisk.of(temp.resolve("tiny"), 1 << 20)) {
      Path inside = tiny.folder().resolve("config");
      EmbeddedConfigStore store = open(inside);
      Entry kept = store.set("key", "value", 0, ANNA);
      String large = "x".repeat(60_000);
      assertFails(
          ErrorCode.NO_SPACE,
          () -> {
            for (int i = 0; i < 30; i++) {
              store.set("large-" + i, large, 0, ANNA);
            }
          });
      int written = store.list("large-").size();
      assertThat(written).isBetween(1, 15);
      assertThat(Files.list(inside)).as("no temporary file").hasSize(2);
      assertThat(store.get("key")).isEqualTo(kept);
      store.set("key", "small writes go on", kept.revision(), ANNA);
      restart();
      assertThat(open(inside).list("large-")).hasSize(written);
      restart();
    }
  }

  @Test
  void aFailedForceOfTheFileFailsThisWriteOnly() {
    EmbeddedConfigStore store = open(folder);
    disk.failNextFileForce();
    assertFails(ErrorCode.UNAVAILABLE, () -> store.set("key", "lost", 0, ANNA));
    assertThat(store.get("key")).isNull();
    store.set("key", "kept", 0, ANNA);
    restart();
    assertThat(open(folder).history("key", 10)).hasSize(1);
  }

  @Test
  void aFailedForceOfTheFolderLeavesTheOutcomeUnknownAndEndsWritingUntilTheNextStart() {
    EmbeddedConfigStore store = open(folder);
    Entry before = store.set("key", "before", 0, ANNA);
    disk.failNextFolderForce();
    assertThatExceptionOfType(UnknownOutcomeException.class)
        .isThrownBy(() -> store.set("key", "after", before.revision(), ANNA));
    assertFails(ErrorCode.UNAVAILABLE, () -> store.set("other", "value", 0, ANNA));
    assertFails(ErrorCode.UNAVAILABLE, store::check);
    assertThat(store.get("key")).isEqualTo(before);
    restart();
    EmbeddedConfigStore next = open(folder);
    next.check();
    assertThat(next.get("key").value()).isIn("before", "after");
    next.set("other", "value", 0, ANNA);
  }

  @Test
  void aSettingIsSeenOnlyOnceItIsDurable() {
    EmbeddedConfigStore store = open(folder);
    List<Object> seen = new ArrayList<>();
    disk.duringFolderForce(() -> seen.add(store.list("")));
    store.set("key", "value", 0, ANNA);
    assertThat(seen).containsExactly(Map.of());
    assertThat(store.list("")).containsOnlyKeys("key");
  }
}
