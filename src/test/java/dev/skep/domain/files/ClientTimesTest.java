package dev.skep.domain.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.domain.Precondition;
import dev.skep.testkit.Drive;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The time that a client says a file was changed at: sync tools find it again. */
class ClientTimesTest {

  private static final Instant THEN = Instant.parse("2020-02-03T04:05:06Z");
  private static final Instant LATER = Instant.parse("2021-01-01T00:00:00Z");

  @TempDir Path folder;
  private Drive drive;
  private Home home;

  @BeforeEach
  void start() {
    drive = Drive.open(folder);
    home = new Home(drive, Someone.withHome(drive, "anna", -1));
  }

  @AfterEach
  void stop() {
    drive.close();
  }

  @Test
  void itIsKeptByRenameMoveCopyTrashAndRestore() {
    UUID file = put("/home/a", "a", THEN).id();
    UUID target = home.folder("/home/b").id();

    assertThat(home.rename(file, "c").clientModifiedAt()).isEqualTo(THEN);
    assertThat(home.move(file, target).clientModifiedAt()).isEqualTo(THEN);
    assertThat(home.copy(file, target, "copy").clientModifiedAt()).isEqualTo(THEN);
    home.trash(file);
    assertThat(home.restore(file).clientModifiedAt()).isEqualTo(THEN);
  }

  @Test
  void itBelongsToAVersion() {
    UUID file = put("/home/a", "old", THEN).id();
    put("/home/a", "new", LATER);
    assertThat(home.versions(file))
        .extracting(VersionView::clientModifiedAt)
        .containsExactly(LATER, THEN);

    UUID old = home.versions(file).getLast().id();
    NodeView restored =
        drive.get(Versions.class).restore(home.owner(), file, old, Precondition.NONE);

    assertThat(restored.clientModifiedAt()).isEqualTo(THEN);
  }

  @Test
  void aContentOfWhichNothingIsSaidHasNone() {
    put("/home/a", "old", THEN);
    assertThat(put("/home/a", "new", null).clientModifiedAt()).isNull();
  }

  @Test
  void theSameContentWithAnotherTimeChangesTheTimeAlone() {
    NodeView before = put("/home/a", "same", THEN);

    NodeView after = put("/home/a", "same", LATER);

    assertThat(after.clientModifiedAt()).isEqualTo(LATER);
    assertThat(after.etag()).isEqualTo(before.etag());
    assertThat(after.revision()).isEqualTo(before.revision() + 1);
    assertThat(home.versions(after.id()))
        .extracting(VersionView::clientModifiedAt)
        .containsExactly(LATER);
    assertThat(put("/home/a", "same", null)).isEqualTo(after);
  }

  @Test
  void aPatchSetsItOnFilesAndFolders() {
    NodePatch patch = new NodePatch(null, null, null, null, null, THEN);
    UUID file = put("/home/a", "a", null).id();

    assertThat(home.patch(file, patch).clientModifiedAt()).isEqualTo(THEN);
    assertThat(home.patch(home.folder("/home/b").id(), patch).clientModifiedAt()).isEqualTo(THEN);
    assertThat(home.versions(file).getFirst().clientModifiedAt()).isEqualTo(THEN);
  }

  private NodeView put(String path, String text, @Nullable Instant at) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Incoming incoming =
        new Incoming(new ByteArrayInputStream(bytes), bytes.length, null, at, ExpectedDigests.NONE);
    return drive
        .get(FileContents.class)
        .put(home.owner(), Home.path(path), Precondition.NONE, incoming)
        .node();
  }
}
