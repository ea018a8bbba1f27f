package dev.skep.domain.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.permission.Permissions;
import dev.skep.domain.tree.Workspaces;
import dev.skep.domain.workspace.WorkspaceDirectory;
import dev.skep.domain.workspace.WorkspaceView;
import dev.skep.port.sql.SqlStore;
import dev.skep.testkit.Drive;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What answers and refusals tell to who may see a part only. */
class HiddenThingsTest {

  private static final Precondition NONE = Precondition.NONE;

  @TempDir Path data;
  private Drive drive;
  private Caller anna;
  private Caller ben;
  private Home home;
  private Home bens;
  private UUID workspace;
  private NodeView folder;

  @BeforeEach
  void open() {
    drive = Drive.open(data);
    anna = Someone.withHome(drive, "anna", 1_000);
    ben = Someone.withHome(drive, "ben", -1);
    home = new Home(drive, anna);
    bens = new Home(drive, ben);
    workspace =
        drive
            .get(SqlStore.class)
            .read(tx -> drive.get(Workspaces.class).ofOwner(tx, anna.accountId()).orElseThrow())
            .id();
    folder = home.folder("/home/folder");
  }

  @AfterEach
  void close() {
    drive.close();
  }

  private void may(NodeView node, Right... rights) {
    Someone.may(drive, ben, node, workspace, Rights.of(rights));
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).as(e.detail()).isEqualTo(code));
  }

  @Nested
  class Names {

    @Test
    void aWriteOntoAHiddenOneIsRefusedAsOntoAFreeOne() {
      may(folder, Right.READ);
      may(home.put("/home/folder/hidden", "x"));
      may(home.folder("/home/folder/dir"));
      for (String name : List.of("hidden", "free", "dir/free", "free/free")) {
        refused(ErrorCode.FORBIDDEN, () -> bens.put("/home-anna/folder/" + name, "y"));
        refused(ErrorCode.FORBIDDEN, () -> bens.folder("/home-anna/folder/" + name));
      }
    }

    @Test
    void aStrangersWriteFindsNothingAnywhere() {
      home.put("/home/folder/hidden", "x");
      for (String name : List.of("folder", "folder/hidden", "folder/free", "free")) {
        refused(ErrorCode.NOT_FOUND, () -> bens.put("/home-anna/" + name, "y"));
      }
    }

    @Test
    void whoMayWriteBesideAHiddenOneIsToldThatItsNameIsTaken() {
      may(folder, Right.READ, Right.WRITE);
      may(home.put("/home/folder/hidden", "x"));
      refused(ErrorCode.NAME_TAKEN, () -> bens.put("/home-anna/folder/hidden", "y"));
      refused(ErrorCode.NAME_TAKEN, () -> bens.folder("/home-anna/folder/hidden"));
      refused(ErrorCode.NAME_TAKEN, () -> bens.put("/home-anna/folder/hidden/below", "y"));
      assertThat(home.read("/home/folder/hidden")).isEqualTo("x");
    }

    @Test
    void aRenameNeedsWriteInTheFolderSoThatItTellsNothingOfWhatElseIsThere() {
      NodeView mine = home.put("/home/folder/mine", "x");
      home.put("/home/folder/hidden", "x");
      may(mine, Right.READ, Right.WRITE);
      refused(ErrorCode.FORBIDDEN, () -> bens.rename(mine.id(), "hidden"));
      refused(ErrorCode.FORBIDDEN, () -> bens.rename(mine.id(), "free"));
    }
  }

  @Nested
  class Figures {

    @Test
    void whatTellsOfContentNeedsRead() {
      NodeView file = home.put("/home/folder/file", "text");
      home.patch(
          file.id(), new NodePatch(null, null, List.of("t"), now -> Map.of("k", 1), null, null));
      may(file, Right.WRITE);

      NodeView shown = bens.node("/home-anna/folder/file");

      assertThat(shown.size()).isNull();
      assertThat(shown.sha256()).isNull();
      assertThat(shown.tags()).isNull();
      assertThat(shown.metadata()).isNull();
      assertThat(home.node("/home/folder/file").size()).isEqualTo(4);
      assertThat(home.node("/home/folder/file").tags()).containsExactly("t");
    }

    @Test
    void alsoInAListing() {
      NodeView file = home.put("/home/folder/file", "text");
      may(folder, Right.READ);
      may(file, Right.WRITE);
      NodeView listed =
          drive
              .get(Folders.class)
              .children(ben, new Target.NodeId(folder.id()), Home.page())
              .items()
              .getFirst();
      assertThat(listed.size()).isNull();
      assertThat(listed.tags()).isNull();
    }

    @Test
    void alsoInTheTrash() {
      NodeView file = home.put("/home/folder/file", "text");
      may(file, Right.DELETE);
      home.trash(file.id());
      assertThat(drive.get(Trash.class).list(ben, "home-anna", Home.page()).items())
          .singleElement()
          .satisfies(item -> assertThat(item.size()).isNull());
      assertThat(home.trashed().getFirst().size()).isEqualTo(4);
    }

    @Test
    void thoseOfAWorkspaceNeedARightOnItsRoot() {
      home.put("/home/folder/file", "text");
      may(folder, Right.READ);
      WorkspaceDirectory directory = drive.get(WorkspaceDirectory.class);

      WorkspaceView seen = directory.get(ben, "home-anna");
      WorkspaceView listed =
          directory.list(ben, Home.page()).items().stream()
              .filter(view -> view.slug().equals("home-anna"))
              .findFirst()
              .orElseThrow();

      assertThat(seen.quota()).isNull();
      assertThat(seen.used()).isNull();
      assertThat(listed).isEqualTo(seen);
      assertThat(directory.get(anna, "home").used()).isEqualTo(4);
      may(home.node("/home"), Right.READ);
      assertThat(directory.get(ben, "home-anna").quota()).isEqualTo(1_000);
    }

    @Test
    void aFullQuotaDoesNotTellThem() {
      may(folder, Right.WRITE);
      home.put("/home/folder/file", "x".repeat(990));
      assertThatThrownBy(() -> bens.put("/home-anna/folder/more", "y".repeat(20)))
          .isInstanceOfSatisfying(
              SkepException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
                assertThat(e.detail()).doesNotContain("10", "990", "1000");
              });
    }
  }

  /** The answer of a repeated request shows a node as it was (P24), a withdrawn right hides it. */
  @Nested
  class StoredAnswers {

    private final Caller.RequestKey key = new Caller.RequestKey("key", new byte[32]);

    private Supplier<NodeView> request() {
      return () -> drive.get(Folders.class).make(ben.with(key), folder.id(), "made");
    }

    private void withdraw() {
      drive.get(Permissions.class).delete(anna, folder.id(), "user:ben", NONE);
    }

    @Test
    void areShownToWhoMayStillSeeTheNode() {
      may(folder, Right.READ, Right.WRITE);
      NodeView made = request().get();
      assertThat(request().get()).isEqualTo(made);
      home.trash(made.id());
      assertThat(request().get()).isEqualTo(made);
    }

    @Test
    void areHiddenFromWhoMayNotSeeItAnyMore() {
      may(folder, Right.READ, Right.WRITE);
      request().get();
      withdraw();
      refused(ErrorCode.NOT_FOUND, () -> request().get());
    }

    @Test
    void areHiddenFromWhoMayNotReadItAnyMore() {
      may(folder, Right.READ, Right.WRITE);
      request().get();
      drive.get(Permissions.class).put(anna, folder.id(), "user:ben", List.of("write"), NONE);
      refused(ErrorCode.NOT_FOUND, () -> request().get());
    }

    @Test
    void ofWhoCouldOnlyWriteNeedNoMoreThanThat() {
      may(folder, Right.WRITE);
      NodeView made = request().get();
      assertThat(request().get()).isEqualTo(made);
      withdraw();
      refused(ErrorCode.NOT_FOUND, () -> request().get());
    }
  }
}
