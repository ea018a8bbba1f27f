package dev.skep.domain.files;

import static dev.skep.testkit.Failing.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.common.ErrorCode;
import dev.skep.common.Page;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Precondition;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.SqlStore;
import dev.skep.testkit.Drive;
import dev.skep.testkit.Race;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

  @TempDir Path data;
  private Drive drive;
  private Folders folders;
  private Caller anna;
  private UUID root;

  @BeforeEach
  void open() {
    drive = Drive.open(data);
    folders = drive.get(Folders.class);
    anna = Someone.withHome(drive, "anna", -1);
    root = drive.get(Lookup.class).node(anna, home()).id();
  }

  @AfterEach
  void close() {
    drive.close();
  }

  @Test
  void aPageEndsWhereItsDescriptionsAreLargeAndNothingIsLeftOut() {
    Map<String, Object> large = Map.of("text", "x".repeat(60_000));
    for (int i = 0; i < 40; i++) {
      NodeView made = folders.make(anna, root, "%02d".formatted(i));
      if (i != 3) {
        drive
            .get(Moves.class)
            .patch(
                anna,
                made.id(),
                new NodePatch(null, null, null, now -> large, null),
                Precondition.NONE);
      }
    }
    List<NodeView> all = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      Page<NodeView> page = folders.children(anna, home(), page(1000, cursor));
      assertThat(page.items()).hasSizeBetween(1, 20);
      all.addAll(page.items());
      cursor = page.nextCursor();
    } while (cursor != null);
    assertThat(all).extracting(NodeView::name).isSorted().hasSize(40).doesNotHaveDuplicates();
    assertThat(all).filteredOn(node -> node.metadata().equals(large)).hasSize(39);
    assertThat(folders.children(anna, home(), page(5, null)).items()).hasSize(5);
  }

  @Test
  void aFolderIsMadeOnceAndItsNameIsThenTaken() {
    NodeView made = folders.make(anna, root, "new");
    assertThat(made.path()).isEqualTo("/home/new");
    assertThat(made.parentId()).isEqualTo(root);
    assertThat(made.size()).isNull();
    assertFails(ErrorCode.NAME_TAKEN, () -> folders.make(anna, root, "new"));
  }

  @Test
  void theSameKeyMakesOneFolderAndGivesTheFirstAnswerAgain() {
    Caller once = anna.with(new Caller.RequestKey("key", new byte[32]));
    NodeView first = folders.make(once, root, "new");
    long changes = Someone.changes(drive, anna);

    assertThat(folders.make(once, root, "new")).isEqualTo(first);
    assertThat(Someone.changes(drive, anna)).isEqualTo(changes);
  }

  @Test
  void aFolderAtAPathThatIsThereAlreadyIsLeftAlone() {
    FilePath path = new FilePath("home", List.of("a", "b"), true);
    Stored first = folders.makePath(anna, path, Precondition.NONE);
    Stored again = folders.makePath(anna, path, Precondition.NONE);

    assertThat(first.created()).isTrue();
    assertThat(again).isEqualTo(new Stored(first.node(), false));
    assertThat(Someone.changes(drive, anna)).isEqualTo(1);
  }

  @Test
  void aHundredRacingCreatesOfOneNameMakeOneFolder() throws Exception {
    List<Boolean> made =
        Race.of(
            100,
            i ->
                () -> {
                  try {
                    folders.make(anna, root, "one");
                    return true;
                  } catch (SkepException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.NAME_TAKEN);
                    return false;
                  }
                });
    assertThat(Collections.frequency(made, true)).isEqualTo(1);
    assertThat(all(anna, home(), 1000)).containsExactly("one");
  }

  @Test
  void pagesFollowEachOtherWithoutGapOrRepetition() {
    List<String> names = IntStream.range(0, 25).mapToObj("f%02d"::formatted).toList();
    names.reversed().forEach(name -> folders.make(anna, root, name));

    for (int limit : new int[] {1, 5, 7, 25, 26}) {
      assertThat(all(anna, home(), limit)).isEqualTo(names);
    }
  }

  @Test
  void aPageHoldsOnlyWhatTheCallerMaySeeAndIsFilledAllTheSame() {
    Caller bob = Someone.withHome(drive, "bob", -1);
    UUID workspace =
        drive
            .get(SqlStore.class)
            .read(
                tx -> drive.get(Workspaces.class).ofOwner(tx, anna.accountId()).orElseThrow().id());
    NodeView shared = folders.make(anna, root, "shared");
    Someone.may(drive, bob, shared, workspace, Rights.of(Right.READ));
    for (int i = 0; i < 30; i++) {
      NodeView child = folders.make(anna, shared.id(), "f%02d".formatted(i));
      if (i % 10 != 9) {
        Someone.may(drive, bob, child, workspace, Rights.NONE);
      }
    }

    Page<NodeView> first = folders.children(bob, Target.node(shared.id()), page(2, null));
    assertThat(first.items()).extracting(NodeView::name).containsExactly("f09", "f19");
    assertThat(first.items()).extracting(NodeView::path).first().isEqualTo("shared/f09");
    assertThat(all(bob, Target.node(shared.id()), 2)).containsExactly("f09", "f19", "f29");
  }

  private List<String> all(Caller caller, Target target, int limit) {
    List<String> names = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      Page<NodeView> page = folders.children(caller, target, page(limit, cursor));
      assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
      page.items().forEach(node -> names.add(node.name()));
      cursor = page.nextCursor();
    } while (cursor != null);
    return names;
  }

  private static PageRequest page(int limit, @Nullable String cursor) {
    return PageRequest.of("test", limit, cursor);
  }

  private static FilePath home() {
    return new FilePath("home", List.of(), true);
  }
}
