package dev.skep.domain.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.SqlStore;
import dev.skep.testkit.Drive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moving, copying, versions and the trash. */
@Tag("P10")
class TreeChangesTest {

  @TempDir Path folder;
  private Drive drive;
  private Caller anna;
  private Home home;

  @BeforeEach
  void open() {
    drive = drive(folder);
    anna = Someone.withHome(drive, "anna", -1);
    home = new Home(drive, anna);
  }

  /** A new drive, in a folder that is empty. */
  Drive drive(Path empty) {
    return Drive.open(empty);
  }

  @AfterEach
  void close() {
    drive.close();
  }

  @Nested
  class Moving {

    @Test
    void aFolderTakesAllBelowItAlongInOneChange() {
      home.put("/home/a/b/c.txt", "c");
      UUID target = home.folder("/home/target").id();
      UUID moved = home.node("/home/a").id();
      long before = Someone.changes(drive, anna);

      home.move(moved, target);

      assertThat(home.read("/home/target/a/b/c.txt")).isEqualTo("c");
      assertThat(home.find("/home/a")).isEmpty();
      assertThat(Someone.changes(drive, anna)).isEqualTo(before + 1);
    }

    @Test
    void contentKeepsItsEtagAndDateWhenItIsRenamed() {
      NodeView before = home.put("/home/a.txt", "a");
      NodeView after = home.rename(before.id(), "b.txt");
      assertThat(after.etag()).isEqualTo(before.etag());
      assertThat(after.modifiedAt()).isEqualTo(before.modifiedAt());
      assertThat(after.revision()).isGreaterThan(before.revision());
    }

    @Test
    void nothingMovesIntoItself() {
      UUID a = home.folder("/home/a").id();
      UUID below = home.folder("/home/a/b/c").id();
      refused(ErrorCode.INTO_ITSELF, () -> home.move(a, a));
      refused(ErrorCode.INTO_ITSELF, () -> home.move(a, below));
    }

    @Test
    void twoCrossingMovesAtOnceMakeNoCycle() throws Exception {
      for (int round = 0; round < 20; round++) {
        UUID a = home.folder("/home/a" + round).id();
        UUID b = home.folder("/home/b" + round).id();
        List<Boolean> moved = together(() -> moves(a, b), () -> moves(b, a));
        assertThat(moved).containsExactlyInAnyOrder(true, false);
        boolean aStayed = moved.get(1);
        String way = aStayed ? "/home/a" + round + "/b" + round : "/home/b" + round + "/a" + round;
        assertThat(home.find(way)).isPresent();
      }
    }

    private boolean moves(UUID id, UUID parentId) {
      try {
        home.move(id, parentId);
        return true;
      } catch (SkepException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.INTO_ITSELF);
        return false;
      }
    }

    @Test
    void aNameThatIsTakenIsRefused() {
      NodeView a = home.put("/home/a", "a");
      home.put("/home/b", "b");
      refused(ErrorCode.NAME_TAKEN, () -> home.rename(a.id(), "b"));
      assertThat(home.read("/home/a")).isEqualTo("a");
    }

    @Test
    void theTargetIsAFolderThatExists() {
      NodeView a = home.put("/home/a", "a");
      NodeView b = home.put("/home/b", "b");
      refused(ErrorCode.IS_A_FILE, () -> home.move(a.id(), b.id()));
      refused(ErrorCode.NOT_FOUND, () -> home.move(a.id(), UUID.randomUUID()));
    }

    @Test
    void theRootStaysWhereItIs() {
      UUID root = home.node("/home").id();
      refused(ErrorCode.FORBIDDEN, () -> home.rename(root, "other"));
      refused(ErrorCode.FORBIDDEN, () -> home.trash(root));
    }

    @Test
    void ofTwoWritersWithOneRevisionOneWins() {
      NodeView a = home.put("/home/a", "a");
      Precondition seen = new Precondition(List.of(Long.toString(a.revision())), List.of());
      NodePatch patch = new NodePatch("b", null, null, null, null, null);
      drive.get(Moves.class).patch(anna, a.id(), patch, seen);
      refused(
          ErrorCode.PRECONDITION_FAILED,
          () -> drive.get(Moves.class).patch(anna, a.id(), patch, seen));
    }

    @Test
    void aPatchThatChangesNothingLeavesNoEvent() {
      NodeView a = home.put("/home/a", "a");
      long before = Someone.changes(drive, anna);
      home.patch(a.id(), new NodePatch("a", a.parentId(), List.of(), now -> now, null, null));
      assertThat(Someone.changes(drive, anna)).isEqualTo(before);
      assertThat(home.node("/home/a").revision()).isEqualTo(a.revision());
    }

    @Test
    void aPatchIsAppliedWholeOrNotAtAll() {
      NodeView a = home.put("/home/a", "a");
      refused(
          ErrorCode.MALFORMED,
          () -> home.patch(a.id(), new NodePatch("b", null, null, null, "no media type", null)));
      assertThat(home.find("/home/b")).isEmpty();
      assertThat(home.node("/home/a").revision()).isEqualTo(a.revision());
    }

    @Test
    void tagsAndMetadataAreKept() {
      NodeView a = home.put("/home/a", "a");
      home.patch(
          a.id(),
          new NodePatch(
              null, null, List.of("x", "y", "x"), now -> Map.of("k", Map.of("n", 1)), null, null));
      assertThat(home.node("/home/a").tags()).containsExactly("x", "y");
      assertThat(home.node("/home/a").metadata()).isEqualTo(Map.of("k", Map.of("n", 1)));
    }

    @Test
    void whatCannotBeKeptAsItIsIsRefused() {
      UUID file = home.put("/home/a", "x").id();
      Map<String, Object> halfAPair = Map.of("a", List.of("\ud800"));
      Map<String, Object> infinite = Map.of("a", List.of(Map.of("b", Double.POSITIVE_INFINITY)));
      for (Map<String, Object> metadata : List.of(halfAPair, infinite)) {
        refused(
            ErrorCode.MALFORMED,
            () ->
                home.patch(file, new NodePatch(null, null, null, before -> metadata, null, null)));
      }
      refused(
          ErrorCode.MALFORMED,
          () -> home.patch(file, new NodePatch(null, null, List.of("\udc00"), null, null, null)));
      assertThat(home.node("/home/a").metadata()).isEmpty();
    }

    @Test
    void aPlainWriterCannotMoveAFolderOutOfAProtectedParent() {
      NodeView secret = home.folder("/home/protected/secret");
      NodeView open = home.folder("/home/open");
      NodeView parent = home.node("/home/protected");
      Caller ben = Someone.withHome(drive, "ben", -1);
      Caller eve = Someone.withHome(drive, "eve", -1);
      UUID workspace = workspaceOfAnna();
      Rights writer = Rights.of(Right.READ, Right.WRITE, Right.DELETE);
      Someone.may(drive, ben, parent, workspace, writer);
      Someone.may(drive, ben, open, workspace, writer);
      Someone.may(drive, eve, open, workspace, Rights.of(Right.READ));

      Home bens = new Home(drive, ben);
      refused(ErrorCode.FORBIDDEN, () -> bens.move(secret.id(), open.id()));
      assertThat(home.find("/home/protected/secret")).isPresent();
    }

    @Test
    void a128LevelsDeepTreeGrowsNoDeeper() {
      String deep = "/home" + "/d".repeat(127);
      home.folder(deep);
      UUID bottom = home.folder(deep + "/e").id();
      UUID other = home.folder("/home/other").id();
      refused(ErrorCode.TOO_DEEP, () -> home.move(other, bottom));
    }
  }

  @Nested
  class Copying {

    @Test
    void aCopySharesTheContentAndKeepsItWhenTheFirstIsOverwritten() {
      NodeView a = home.put("/home/a", "one");
      NodeView copy = home.copy(a.id(), home.folder("/home/f").id(), null);
      home.put("/home/a", "two");

      assertThat(copy.etag()).isEqualTo(a.etag());
      assertThat(home.read("/home/f/a")).isEqualTo("one");
      assertThat(Someone.used(drive, anna)).isEqualTo(9);
    }

    @Test
    void aCopyCountsAgainstTheQuota() {
      Caller ben = Someone.withHome(drive, "ben", 10);
      Home bens = new Home(drive, ben);
      NodeView a = bens.put("/home/a", "123456");
      refused(ErrorCode.QUOTA_EXCEEDED, () -> bens.copy(a.id(), bens.node("/home").id(), "b"));
      assertThat(Someone.used(drive, ben)).isEqualTo(6);
      assertThat(bens.names("/home")).containsExactly("a");
    }

    @Test
    void aReaderCopiesIntoHisOwnHome() {
      NodeView a = home.put("/home/a", "one");
      Caller ben = Someone.withHome(drive, "ben", -1);
      Home bens = new Home(drive, ben);
      UUID target = bens.node("/home").id();
      refused(ErrorCode.NOT_FOUND, () -> bens.copy(a.id(), target, null));

      Someone.may(drive, ben, a, workspaceOfAnna(), Rights.of(Right.READ));
      long before = Someone.changes(drive, anna);
      bens.copy(a.id(), target, null);

      assertThat(bens.read("/home/a")).isEqualTo("one");
      assertThat(Someone.changes(drive, anna)).as("his home has not changed").isEqualTo(before);
      assertThat(Someone.used(drive, ben)).isEqualTo(3);
    }
  }

  @Nested
  class History {

    @Test
    void anOldVersionComesBackWithItsEtag() {
      NodeView one = home.put("/home/a", "one");
      home.put("/home/a", "two");
      VersionView first = home.versions(one.id()).getLast();

      NodeView restored =
          drive.get(Versions.class).restore(anna, one.id(), first.id(), Precondition.NONE);

      assertThat(home.read("/home/a")).isEqualTo("one");
      assertThat(restored.etag()).isEqualTo(one.etag());
      assertThat(home.versions(one.id())).hasSize(3);
      assertThat(home.versions(one.id()).stream().filter(VersionView::current)).hasSize(1);
    }

    @Test
    void theCurrentVersionStays() {
      NodeView one = home.put("/home/a", "one");
      UUID current = home.versions(one.id()).getFirst().id();
      refused(
          ErrorCode.CURRENT_VERSION,
          () -> drive.get(Versions.class).delete(anna, one.id(), current, Precondition.NONE));
    }

    @Test
    void aDeletedVersionGivesItsBytesBack() {
      NodeView one = home.put("/home/a", "12345");
      home.put("/home/a", "12");
      UUID old = home.versions(one.id()).getLast().id();
      drive.get(Versions.class).delete(anna, one.id(), old, Precondition.NONE);
      assertThat(Someone.used(drive, anna)).isEqualTo(2);
      refused(ErrorCode.NOT_FOUND, () -> drive.get(Versions.class).open(anna, one.id(), old));
    }
  }

  @Nested
  class FarDown {

    /** Each move is allowed; what is below gets deeper and stays reachable by id (P5). */
    @Test
    void aNodeDeeperThanAThousandLevelsIsSeenWithItsRightsAndMovedOut() {
      UUID bottom = home.put(chain(127) + "/file", "deep").id();
      for (int move = 0; move < 8; move++) {
        UUID top = home.rename(home.node("/home/c0").id(), "top").id();
        home.move(top, home.folder(chain(127)).id());
      }
      NodeView deep = drive.get(Lookup.class).node(anna, new Target.NodeId(bottom));
      assertThat(deep.path().chars().filter(each -> each == '/').count()).isGreaterThan(1_100);
      Caller ben = Someone.withHome(drive, "ben", -1);
      refused(
          ErrorCode.NOT_FOUND, () -> drive.get(Lookup.class).node(ben, new Target.NodeId(bottom)));
      Someone.may(drive, ben, home.node("/home"), workspaceOfAnna(), Rights.of(Right.READ));
      assertThat(drive.get(Lookup.class).node(ben, new Target.NodeId(bottom)).rights())
          .containsExactly("read");

      refused(ErrorCode.TOO_DEEP, () -> home.rename(bottom, "renamed"));
      home.move(bottom, home.node("/home").id());

      assertThat(home.read("/home/file")).isEqualTo("deep");
    }

    private String chain(int levels) {
      StringBuilder path = new StringBuilder("/home");
      for (int at = 0; at < levels; at++) {
        path.append("/c").append(at);
      }
      return path.toString();
    }
  }

  @Nested
  class Described {

    private NodePatch metadata(Object value) {
      return new NodePatch(null, null, null, now -> Map.of("k", value), null, null);
    }

    @Test
    void tagsAndMetadataCountAgainstTheQuotaUntilTheyAreGone() {
      NodeView folder = home.folder("/home/f");
      home.patch(folder.id(), metadata("x".repeat(1000)));
      long used = Someone.used(drive, anna);
      assertThat(used).isBetween(1000L, 1100L);
      home.patch(folder.id(), metadata("x".repeat(500)));
      assertThat(Someone.used(drive, anna)).isEqualTo(used - 500);
      home.patch(
          folder.id(), new NodePatch(null, null, List.of("tag"), now -> Map.of(), null, null));
      assertThat(Someone.used(drive, anna)).isEqualTo("[\"tag\"]".length());

      NodeView file = home.put("/home/a", "12345");
      home.patch(file.id(), metadata("ä"));
      home.copy(file.id(), home.node("/home").id(), "copy");
      new WholeTree(drive, anna).assertSound();
      for (String each : List.of("/home/f", "/home/a", "/home/copy")) {
        home.trash(home.node(each).id());
      }
      drive.get(Trash.class).empty(anna, "home");
      new Sweeping(drive).sweep();
      assertThat(Someone.used(drive, anna)).isZero();
    }

    @Test
    void metadataBeyondTheQuotaIsRefused() {
      Caller carl = Someone.withHome(drive, "carl", 100);
      Home his = new Home(drive, carl);
      NodeView folder = his.folder("/home/f");
      refused(ErrorCode.QUOTA_EXCEEDED, () -> his.patch(folder.id(), metadata("x".repeat(100))));
      assertThat(Someone.used(drive, carl)).isZero();
    }

    @Test
    void aRenameDoesNotTellOfMetadataThatStays() {
      NodeView folder = home.folder("/home/f");
      home.patch(folder.id(), metadata("x".repeat(60_000)));
      long told = Someone.told(drive, anna);
      assertThat(told).isGreaterThan(60_000);
      for (int i = 0; i < 10; i++) {
        home.rename(folder.id(), "f" + i);
      }
      home.trash(folder.id());
      home.restore(folder.id());
      assertThat(Someone.told(drive, anna) - told).isLessThan(12 * 1000);
    }
  }

  @Nested
  class InTheTrash {

    @Test
    void anItemIsHiddenAndComesBackToItsPlace() {
      NodeView file = home.put("/home/f/a", "a");
      UUID f = home.node("/home/f").id();
      home.trash(f);

      assertThat(home.find("/home/f")).isEmpty();
      assertThat(home.find("/home/f/a")).isEmpty();
      refused(ErrorCode.NOT_FOUND, () -> home.rename(file.id(), "b"));
      assertThat(home.trashed()).extracting(TrashItem::path).containsExactly("/home/f");

      home.restore(f);
      assertThat(home.read("/home/f/a")).isEqualTo("a");
      assertThat(home.trashed()).isEmpty();
    }

    @Test
    void theSameNameCanBeTrashedAgainAndAgain() {
      for (int i = 0; i < 3; i++) {
        home.trash(home.put("/home/a", "a").id());
      }
      assertThat(home.trashed()).hasSize(3);
    }

    @Test
    void anOldPlaceThatIsGoneIsToldAndAnotherOneTaken() {
      NodeView file = home.put("/home/f/a", "a");
      home.trash(file.id());
      home.trash(home.node("/home/f").id());
      refused(ErrorCode.PARENT_GONE, () -> home.restore(file.id()));

      UUID root = home.node("/home").id();
      drive.get(Trash.class).restore(anna, file.id(), root, "b", Precondition.NONE);
      assertThat(home.read("/home/b")).isEqualTo("a");
    }

    @Test
    void aNameTakenMeanwhileIsRefusedAndNothingIsLost() {
      NodeView file = home.put("/home/a", "old");
      home.trash(file.id());
      home.put("/home/a", "new");
      refused(ErrorCode.NAME_TAKEN, () -> home.restore(file.id()));
      assertThat(home.trashed()).hasSize(1);
      assertThat(home.read("/home/a")).isEqualTo("new");
    }

    @Test
    void itKeepsTheRightsItHad() {
      NodeView file = home.put("/home/f/a", "a");
      NodeView f = home.node("/home/f");
      Caller ben = Someone.withHome(drive, "ben", -1);
      Someone.may(drive, ben, f, workspaceOfAnna(), Rights.of(Right.READ));
      home.trash(file.id());

      String slug = "home-anna";
      assertThat(drive.get(Trash.class).list(ben, slug, Home.page()).items()).hasSize(1);
      Home bens = new Home(drive, ben);
      refused(ErrorCode.FORBIDDEN, () -> bens.restore(file.id()));
      refused(ErrorCode.FORBIDDEN, () -> bens.purge(file.id()));
      Caller eve = Someone.withHome(drive, "eve", -1);
      refused(ErrorCode.NOT_FOUND, () -> new Home(drive, eve).purge(file.id()));
      refused(
          ErrorCode.NOT_FOUND, () -> drive.get(Trash.class).list(eve, slug, Home.page()).items());
    }

    @Test
    void whatIsPurgedIsGoneAtOnce() {
      NodeView file = home.put("/home/a", "a");
      home.trash(file.id());
      home.purge(file.id());
      assertThat(home.trashed()).isEmpty();
      refused(ErrorCode.NOT_FOUND, () -> home.restore(file.id()));
    }

    @Test
    void emptyingTakesEverythingThatTheCallerMayDelete() {
      for (int i = 0; i < 450; i++) {
        home.trash(home.folder("/home/f" + i).id());
      }
      drive.get(Trash.class).empty(anna, "home");
      assertThat(home.trashed()).isEmpty();
    }
  }

  private UUID workspaceOfAnna() {
    return drive
        .get(SqlStore.class)
        .read(tx -> drive.get(Workspaces.class).ofOwner(tx, anna.accountId()).orElseThrow().id());
  }

  private static List<Boolean> together(Callable<Boolean> one, Callable<Boolean> two)
      throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Boolean> results = new ArrayList<>();
      for (Future<Boolean> each : threads.invokeAll(List.of(one, two))) {
        results.add(each.get());
      }
      return results;
    }
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).as(e.detail()).isEqualTo(code));
  }
}
