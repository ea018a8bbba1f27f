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
import dev.skep.port.sql.SqlStore;
import dev.skep.testkit.Drive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which rights each operation on nodes needs: who has just these is let through, who has all but
 * one of them is refused, and who has none is told that there is nothing.
 */
class NeededRightsTest {

  private static final Precondition NONE = Precondition.NONE;

  /**
   * One operation.
   *
   * @param onNode the rights it needs on what it is done to
   * @param onFolder those on the folder that this lies in
   * @param onTarget those on the folder where it goes
   */
  private record Operation(
      String name, Set<Right> onNode, Set<Right> onFolder, Set<Right> onTarget, Act act) {

    @Override
    public String toString() {
      return name;
    }
  }

  /** By someone, on a file, its folder, and another folder. */
  private interface Act {
    void by(Drive drive, Caller caller, Place place);
  }

  private record Place(NodeView folder, NodeView file, NodeView target, UUID firstVersion) {}

  private static Operation on(Act act, String name, Right... onNode) {
    return new Operation(name, Set.of(onNode), Set.of(), Set.of(), act);
  }

  private static Stream<Operation> operations() {
    return Stream.of(
        on(
            (drive, caller, place) ->
                drive.get(FileContents.class).open(caller, new Target.NodeId(place.file.id())),
            "read content",
            Right.READ),
        on(
            (drive, caller, place) -> drive.get(Versions.class).list(caller, file(place), page()),
            "list versions",
            Right.READ),
        on(
            (drive, caller, place) ->
                drive.get(Versions.class).open(caller, file(place), place.firstVersion),
            "read a version",
            Right.READ),
        on(
            (drive, caller, place) -> drive.get(Permissions.class).list(caller, file(place)),
            "list permissions",
            Right.READ),
        on(
            (drive, caller, place) ->
                drive
                    .get(FileContents.class)
                    .put(caller, new Target.NodeId(file(place)), NONE, Home.incoming("three")),
            "store content",
            Right.WRITE),
        on(
            (drive, caller, place) ->
                patch(
                    drive,
                    caller,
                    place,
                    new NodePatch(null, null, List.of("x"), null, null, null)),
            "describe",
            Right.WRITE),
        new Operation(
            "rename",
            Set.of(Right.WRITE),
            Set.of(Right.WRITE),
            Set.of(),
            (drive, caller, place) ->
                patch(drive, caller, place, new NodePatch("other", null, null, null, null, null))),
        on(
            (drive, caller, place) ->
                drive.get(Versions.class).restore(caller, file(place), place.firstVersion, NONE),
            "restore a version",
            Right.WRITE),
        on(
            (drive, caller, place) ->
                drive.get(Versions.class).delete(caller, file(place), place.firstVersion, NONE),
            "delete a version",
            Right.DELETE),
        on(
            (drive, caller, place) -> drive.get(Trash.class).put(caller, file(place), NONE, NONE),
            "delete",
            Right.DELETE),
        on(
            (drive, caller, place) ->
                drive.get(Trash.class).purge(caller, trashed(drive, place), NONE),
            "purge",
            Right.DELETE),
        on(
            (drive, caller, place) ->
                drive.get(Permissions.class).put(caller, file(place), "everyone", List.of(), NONE),
            "set an entry",
            Right.SHARE),
        on(
            (drive, caller, place) -> {
              drive.get(Permissions.class).put(anna, file(place), "everyone", List.of(), NONE);
              drive.get(Permissions.class).delete(caller, file(place), "everyone", NONE);
            },
            "remove an entry",
            Right.SHARE),
        new Operation(
            "restore",
            Set.of(Right.DELETE),
            Set.of(Right.WRITE),
            Set.of(),
            (drive, caller, place) ->
                drive.get(Trash.class).restore(caller, trashed(drive, place), null, null, NONE)),
        new Operation(
            "restore elsewhere, where others see more",
            Set.of(Right.DELETE, Right.READ, Right.SHARE),
            Set.of(),
            Set.of(Right.WRITE),
            (drive, caller, place) ->
                drive
                    .get(Trash.class)
                    .restore(caller, trashed(drive, place), place.target.id(), null, NONE)),
        new Operation(
            "move where others see more",
            Set.of(Right.DELETE, Right.READ, Right.SHARE),
            Set.of(),
            Set.of(Right.WRITE),
            (drive, caller, place) ->
                patch(
                    drive,
                    caller,
                    place,
                    new NodePatch(null, place.target.id(), null, null, null, null))),
        new Operation(
            "copy",
            Set.of(Right.READ),
            Set.of(),
            Set.of(Right.WRITE),
            (drive, caller, place) ->
                drive.get(Copies.class).copy(caller, file(place), place.target.id(), null, NONE)),
        new Operation(
            "list children",
            Set.of(),
            Set.of(Right.READ),
            Set.of(),
            (drive, caller, place) ->
                drive
                    .get(Folders.class)
                    .children(caller, new Target.NodeId(place.folder.id()), page())),
        new Operation(
            "make a folder",
            Set.of(),
            Set.of(Right.WRITE),
            Set.of(),
            (drive, caller, place) ->
                drive.get(Folders.class).make(caller, place.folder.id(), "made")));
  }

  @TempDir private static Path data;
  private static Drive drive;
  private static Caller anna;
  private static Home home;
  private static UUID workspace;
  private static int places;

  @BeforeAll
  static void open() {
    drive = Drive.open(data);
    anna = Someone.withHome(drive, "anna", -1);
    home = new Home(drive, anna);
    workspace =
        drive
            .get(SqlStore.class)
            .read(tx -> drive.get(Workspaces.class).ofOwner(tx, anna.accountId()).orElseThrow())
            .id();
  }

  @AfterAll
  static void close() {
    drive.close();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void whoHasJustTheRightsThatItNeedsDoesIt(Operation operation) {
    Place place = place();
    Caller ben = person(place, operation.onNode, operation.onFolder, operation.onTarget);
    operation.act.by(drive, ben, place);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void whoLacksOneOfThemIsRefused(Operation operation) {
    List<String> let = new ArrayList<>();
    for (Right right : Right.values()) {
      if (operation.onNode.contains(right)) {
        refused(operation, but(right), all(), all(), let, right.word());
      }
      if (operation.onFolder.contains(right)) {
        refused(operation, all(), but(right), all(), let, right.word() + " on the folder");
      }
      if (operation.onTarget.contains(right)) {
        refused(operation, all(), all(), but(right), let, right.word() + " on the target");
      }
    }
    assertThat(let).as("rights without which it was done").isEmpty();
  }

  private static void refused(
      Operation operation,
      Set<Right> onNode,
      Set<Right> onFolder,
      Set<Right> onTarget,
      List<String> let,
      String lacking) {
    Place place = place();
    Caller ben = person(place, onNode, onFolder, onTarget);
    try {
      operation.act.by(drive, ben, place);
      let.add(lacking);
    } catch (SkepException e) {
      assertThat(e.code()).as(lacking + ": " + e.detail()).isEqualTo(ErrorCode.FORBIDDEN);
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void whoHasNoneIsToldThatThereIsNothing(Operation operation) {
    Place place = place();
    Caller eve = Someone.withHome(drive, "eve" + places, -1);
    assertThatThrownBy(() -> operation.act.by(drive, eve, place))
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  /** A folder with a file of two versions, and a folder where {@code zoe} may read. */
  private static Place place() {
    String top = "/home/" + places++;
    home.put(top + "/folder/file", "one");
    NodeView file = home.put(top + "/folder/file", "two");
    NodeView target = home.folder(top + "/target");
    Caller zoe = Someone.withHome(drive, "zoe" + places, -1);
    Someone.may(drive, zoe, target, workspace, Rights.of(Right.READ));
    UUID first = home.versions(file.id()).getLast().id();
    return new Place(home.node(top + "/folder"), file, target, first);
  }

  private static Caller person(
      Place place, Set<Right> onNode, Set<Right> onFolder, Set<Right> onTarget) {
    Caller ben = Someone.withHome(drive, "ben" + places, -1);
    may(ben, place.file, onNode);
    may(ben, place.folder, onFolder);
    may(ben, place.target, onTarget);
    return ben;
  }

  private static void may(Caller who, NodeView node, Set<Right> rights) {
    if (!rights.isEmpty()) {
      Someone.may(drive, who, node, workspace, Rights.of(rights.toArray(Right[]::new)));
    }
  }

  private static Set<Right> all() {
    return Set.of(Right.values());
  }

  private static Set<Right> but(Right right) {
    return Stream.of(Right.values())
        .filter(each -> each != right)
        .collect(java.util.stream.Collectors.toUnmodifiableSet());
  }

  private static UUID file(Place place) {
    return place.file.id();
  }

  private static UUID trashed(Drive drive, Place place) {
    drive.get(Trash.class).put(anna, file(place), NONE, NONE);
    return file(place);
  }

  private static dev.skep.common.PageRequest page() {
    return Home.page();
  }

  private static void patch(Drive drive, Caller caller, Place place, @Nullable NodePatch patch) {
    drive.get(Moves.class).patch(caller, file(place), patch, NONE);
  }
}
