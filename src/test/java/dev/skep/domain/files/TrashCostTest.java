package dev.skep.domain.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.Ids;
import dev.skep.common.PageRequest;
import dev.skep.common.SkepException;
import dev.skep.domain.Caller;
import dev.skep.domain.Right;
import dev.skep.domain.Rights;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspace;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.SqlStore;
import dev.skep.testkit.CountedReads;
import dev.skep.testkit.Drive;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large trash costs nobody more than what he is shown or removes. */
class TrashCostTest {

  private static final int MANY = 3_000;
  private static final String SLUG = "home-anna";

  @TempDir Path folder;
  private @Nullable CountedReads counted;
  private Drive drive;
  private Trash trash;
  private Caller anna;
  private Caller ben;
  private Home home;

  @BeforeEach
  void open() {
    drive = drive(folder, this::count);
    trash = drive.get(Trash.class);
    anna = Someone.withHome(drive, "anna", -1);
    ben = Someone.withHome(drive, "ben", -1);
    home = new Home(drive, anna);
  }

  /** A new drive, in a folder that is empty. */
  Drive drive(Path empty, UnaryOperator<SqlStore> around) {
    return Drive.open(empty, InstantSource.system(), around, blobs -> blobs);
  }

  @AfterEach
  void close() {
    drive.close();
  }

  private CountedReads count(SqlStore tables) {
    counted = new CountedReads(tables);
    return counted;
  }

  @Test
  void oneThatIsNotSeenCostsWhatAMissingOneCosts() {
    trashed(home.folder("/home/private"), MANY);
    ran().statements();

    missing(() -> trash.list(ben, "none", Home.page()));
    List<String> ofMissing = ran().statements();
    missing(() -> trash.list(ben, SLUG, Home.page()));
    assertThat(ran().statements()).isEqualTo(ofMissing);
    missing(() -> trash.empty(ben, "none"));
    ofMissing = ran().statements();
    missing(() -> trash.empty(ben, SLUG));
    assertThat(ran().statements()).isEqualTo(ofMissing);
  }

  @Test
  void aPageCostsWhatItShows() {
    trashed(home.folder("/home/a/b/c"), MANY);
    ran().statements();

    assertThat(trash.list(anna, "home", new PageRequest("test", 1, null)).items()).hasSize(1);

    assertThat(ran().rows()).isLessThan(20);
    assertThat(ran().statements()).hasSizeLessThan(10);
  }

  @Test
  void hiddenItemsAreReadTogether() {
    trashed(home.folder("/home/private"), MANY);
    NodeView shared = home.folder("/home/shared");
    List<UUID> seen = trashed(shared, 2);
    may(ben, shared, Right.READ);
    ran().statements();

    assertThat(trash.list(ben, SLUG, Home.page()).items())
        .extracting(TrashItem::id)
        .containsExactlyElementsOf(seen);

    assertThat(ran().statements()).hasSizeLessThan(20);
  }

  @Test
  void aPageLooksAtNoMoreThanTenThousandAndGoesOnWhereItEnded() {
    trashed(home.folder("/home/private"), 10_500);
    NodeView shared = home.folder("/home/shared");
    List<UUID> seen = trashed(shared, 1);
    may(ben, shared, Right.READ);

    var first = trash.list(ben, SLUG, Home.page());
    assertThat(first.items()).isEmpty();
    var second =
        trash.list(
            ben, SLUG, PageRequest.of("test", 1000, Objects.requireNonNull(first.nextCursor())));

    assertThat(second.items()).extracting(TrashItem::id).containsExactlyElementsOf(seen);
    assertThat(second.nextCursor()).isNull();
  }

  @Test
  void isEmptyForOneWhoSeesAnotherPartOfTheWorkspace() {
    trashed(home.folder("/home/private"), 1);
    may(ben, home.folder("/home/shared"), Right.READ);

    assertThat(trash.list(ben, SLUG, Home.page()).items()).isEmpty();
    trash.empty(ben, SLUG);

    assertThat(home.trashed()).hasSize(1);
  }

  @Test
  void showsEachItemAsLookingAtItAloneDoes() {
    NodeView shared = home.folder("/home/top/shared");
    may(ben, shared, Right.READ);
    NodeView deeper = home.folder("/home/top/shared/x/y");
    NodeView closed = home.folder("/home/top/shared/closed");
    may(ben, closed);
    trashed(closed, 2);
    trashed(deeper, 2);
    home.trash(home.node("/home/top/shared/x").id());

    assertThat(trash.list(ben, SLUG, Home.page()).items())
        .extracting(TrashItem::path)
        .containsExactlyInAnyOrder("shared/x/y/0", "shared/x/y/1", "shared/x");
    assertThat(home.trashed())
        .extracting(TrashItem::path)
        .contains("/home/top/shared/closed/1", "/home/top/shared/x", "/home/top/shared/x/y/0");
  }

  @Test
  void isEmptiedByOneSmallChangeWhateverItHolds() {
    home.put("/home/big", "12345");
    home.trash(home.node("/home/big").id());
    List<UUID> items = trashed(home.folder("/home/a"), MANY);
    NodeView file = home.node("/home/a");
    home.trash(file.id());
    long before = Someone.changes(drive, anna);
    ran().statements();

    trash.empty(anna, "home");

    assertThat(ran().rows()).isLessThan(30);
    assertThat(Someone.changes(drive, anna)).isEqualTo(before + 1);
    assertThat(home.trashed()).isEmpty();
    missing(() -> home.restore(items.getFirst()));
    missing(() -> home.purge(items.getLast()));
    home.trash(home.put("/home/next", "x").id());
    assertThat(home.trashed()).hasSize(1);
    new Sweeping(drive).sweep();
    assertThat(Someone.used(drive, anna)).isEqualTo(1);
    trash.empty(anna, "home");
    new Sweeping(drive).sweep();
    assertThat(Someone.used(drive, anna)).isZero();
    new WholeTree(drive, anna).assertSound();
  }

  @Test
  void whatOthersMayNotDeleteDoesNotKeepItsOwnerFromEmptyingAll() {
    Someone.everyoneMay(
        drive, home.folder("/home/shared"), annasHome().id(), Rights.of(Right.READ));
    trashed(home.node("/home/shared"), 500);
    long before = Someone.changes(drive, anna);

    trash.empty(anna, "home");

    assertThat(Someone.changes(drive, anna)).isEqualTo(before + 1);
    assertThat(home.trashed()).isEmpty();
  }

  @Test
  void emptyingAnEmptyOneChangesNothing() {
    long before = Someone.changes(drive, anna);
    trash.empty(anna, "home");
    assertThat(Someone.changes(drive, anna)).isEqualTo(before);
  }

  @Test
  void whoMayPurgeAPartEmptiesThatPart() {
    List<UUID> kept = trashed(home.folder("/home/private"), 250);
    NodeView shared = home.folder("/home/shared");
    may(ben, shared, Right.READ, Right.DELETE);
    trashed(shared, 450);
    NodeView closed = home.folder("/home/shared/closed");
    may(ben, closed, Right.READ);
    List<UUID> readOnly = trashed(closed, 1);

    trash.empty(ben, SLUG);

    assertThat(home.trashed())
        .extracting(TrashItem::id)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(kept.stream(), readOnly.stream()).toList());
  }

  @Test
  void anEntryThatHidesSomethingKeepsTheWholeFromGoing() {
    NodeView closed = home.folder("/home/closed");
    may(anna, closed, Right.READ);
    List<UUID> kept = trashed(closed, 1);
    trashed(home.folder("/home/open"), 3);

    trash.empty(anna, "home");

    assertThat(home.trashed()).extracting(TrashItem::id).containsExactlyElementsOf(kept);
  }

  private CountedReads ran() {
    return Objects.requireNonNull(counted);
  }

  private void may(Caller who, NodeView node, Right... rights) {
    Someone.may(drive, who, node, annasHome().id(), Rights.of(rights));
  }

  private Workspace annasHome() {
    return drive
        .get(SqlStore.class)
        .read(tx -> drive.get(Workspaces.class).ofOwner(tx, anna.accountId()).orElseThrow());
  }

  /** Makes and trashes folders in few transactions, which write no events. */
  private List<UUID> trashed(NodeView parent, int count) {
    Nodes nodes = drive.get(Nodes.class);
    Workspace workspace = annasHome();
    List<UUID> ids = Stream.generate(drive.get(Ids.class)::next).limit(count).toList();
    drive
        .get(SqlStore.class)
        .write(
            tx -> {
              Node above = nodes.find(tx, parent.id()).orElseThrow();
              for (int at = 0; at < count; at++) {
                UUID id = ids.get(at);
                nodes.insertFolder(tx, id, above, "" + at, Instant.EPOCH, anna.accountId());
                Node node = nodes.find(tx, id).orElseThrow();
                nodes.trash(tx, node, workspace.trashId(), Instant.EPOCH, anna.accountId());
              }
              return count;
            });
    return ids;
  }

  private static void missing(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SkepException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }
}
