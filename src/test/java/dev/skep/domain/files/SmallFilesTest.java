package dev.skep.domain.files;

import static dev.skep.testkit.Failing.assertFails;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.skep.common.ErrorCode;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.content.ContentCheck;
import dev.skep.domain.content.ContentCheck.Finding;
import dev.skep.domain.content.ContentCheck.Problem;
import dev.skep.port.objects.ObjectStore;
import dev.skep.testkit.Drive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose content is small, and files that were or become so (ADR 12). */
class SmallFilesTest {

  private static final String SMALL = "small";
  private static final String LARGE = "large ".repeat(10_000);

  @TempDir Path folder;

  @Test
  void aFileMayBecomeLargeAndSmallAgainAndEachVersionIsRestored() throws Exception {
    try (Drive drive = Drive.open(folder)) {
      Home home = home(drive);
      UUID id = home.put("/home/a", SMALL).id();
      home.put("/home/a", LARGE);
      home.put("/home/a", "small again");
      assertThat(home.read("/home/a")).isEqualTo("small again");
      assertThat(blobs(drive)).hasSize(1);

      List<VersionView> versions = home.versions(id);
      assertThat(versions).extracting(VersionView::size).containsExactly(11L, 60_000L, 5L);
      assertThat(read(drive, home, id, versions.get(2))).isEqualTo(SMALL);
      restore(drive, home, id, versions.get(2));
      assertThat(home.read("/home/a")).isEqualTo(SMALL);
      restore(drive, home, id, versions.get(1));
      assertThat(home.read("/home/a")).isEqualTo(LARGE);
      assertThat(Someone.used(drive, home.owner())).isEqualTo(11 + 60_000 + 5 + 5 + 60_000);
      assertThat(drive.get(ContentCheck.class).findings()).isEmpty();
    }
  }

  @Test
  void aCopyOutlivesItsSourceAndTheLastOneTakesTheBytesWithIt() {
    try (Drive drive = Drive.open(folder)) {
      Home home = home(drive);
      for (String text : List.of(SMALL, LARGE)) {
        NodeView file = home.put("/home/f/a", text);
        home.copy(file.id(), file.parentId(), "b");
        home.trash(file.id());
        home.purge(file.id());
        new Sweeping(drive).sweep();
        assertThat(home.read("/home/f/b")).isEqualTo(text);
        NodeView copy = home.node("/home/f/b");
        home.trash(copy.id());
        home.purge(copy.id());
        new Sweeping(drive).sweep();
        assertThat(Someone.used(drive, home.owner())).isZero();
        assertThat(drive.get(ContentCheck.class).findings()).isEmpty();
      }
    }
  }

  @Test
  void theSameContentAgainChangesNothing() {
    try (Drive drive = Drive.open(folder)) {
      Home home = home(drive);
      NodeView first = home.put("/home/a", SMALL);
      long changes = Someone.changes(drive, home.owner());
      assertThat(home.put("/home/a", SMALL)).isEqualTo(first);
      assertThat(Someone.changes(drive, home.owner())).isEqualTo(changes);
      assertThat(drive.get(ContentCheck.class).findings()).isEmpty();
    }
  }

  @Test
  void aByteThatRotsInTheDatabaseIsToldAndNeverServed() throws Exception {
    Caller anna;
    String contentId;
    try (Drive drive = Drive.open(folder)) {
      Home home = home(drive);
      anna = home.owner();
      home.put("/home/well", "x".repeat(9_000));
      contentId = home.put("/home/rotten", "rot ".repeat(3_000)).etag();
    }
    flip(folder.resolve("sql/skep.db"), "rot rot rot ");
    try (Drive drive = Drive.open(folder)) {
      Home home = new Home(drive, anna);
      assertFails(ErrorCode.CORRUPT, () -> home.read("/home/rotten"));
      assertThat(home.read("/home/well")).isEqualTo("x".repeat(9_000));
      assertThat(drive.get(ContentCheck.class).findings())
          .extracting(Finding::problem, Finding::what)
          .containsExactly(tuple(Problem.DAMAGED, contentId));
    }
  }

  /** One bit in the middle of the text, which must be there: nothing else is kept beside it. */
  private static void flip(Path database, String text) throws IOException {
    byte[] bytes = Files.readAllBytes(database);
    int at = new String(bytes, ISO_8859_1).indexOf(text);
    assertThat(at).isPositive();
    bytes[at + 5] ^= 4;
    Files.write(database, bytes);
  }

  private static Home home(Drive drive) {
    return new Home(drive, Someone.withHome(drive, "anna", -1));
  }

  private static List<String> blobs(Drive drive) {
    return drive.get(ObjectStore.class).list("blob/", null, 100);
  }

  private static void restore(Drive drive, Home home, UUID id, VersionView version) {
    drive.get(Versions.class).restore(home.owner(), id, version.id(), Precondition.NONE);
  }

  private static String read(Drive drive, Home home, UUID id, VersionView version)
      throws IOException {
    Download download = drive.get(Versions.class).open(home.owner(), id, version.id());
    try (var in = download.open(0, download.size())) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
