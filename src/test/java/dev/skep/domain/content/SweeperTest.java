package dev.skep.domain.content;

import static dev.skep.domain.content.ContentFixture.DAY;
import static dev.skep.domain.content.ContentFixture.DEADLINE;
import static dev.skep.domain.content.ContentFixture.GRACE;
import static dev.skep.domain.content.ContentFixture.TestSql.BLOBS;
import static dev.skep.domain.content.ContentFixture.TestSql.CHANGES;
import static dev.skep.domain.content.ContentFixture.TestSql.CONTENTS;
import static dev.skep.domain.content.ContentFixture.TestSql.GRANT;
import static dev.skep.domain.content.ContentFixture.TestSql.LOSE_ROW;
import static dev.skep.domain.content.ContentFixture.TestSql.NODES;
import static dev.skep.domain.content.ContentFixture.TestSql.PARTS;
import static dev.skep.domain.content.ContentFixture.TestSql.PERMISSIONS;
import static dev.skep.domain.content.ContentFixture.TestSql.PURGES;
import static dev.skep.domain.content.ContentFixture.TestSql.VERSIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.domain.duty.DutyContext;
import dev.skep.domain.duty.Fence;
import dev.skep.domain.duty.StaleHolderException;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Workspace;
import dev.skep.port.objects.ObjectStore;
import dev.skep.port.sql.Work;
import dev.skep.testkit.FaultPlan;
import dev.skep.testkit.FaultyObjectStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweeperTest {

  @TempDir Path folder;

  /** On empty tables. */
  ContentFixture fixture(Path empty, UnaryOperator<ObjectStore> around) {
    return new ContentFixture(empty, around);
  }

  private ContentFixture fixture(Path empty) {
    return fixture(empty, objects -> objects);
  }

  @Test
  void aReleasedBlobIsDeletedAfterTheGraceAndOnceMoreADayLater() {
    try (ContentFixture store = fixture(folder)) {
      Workspace team = store.workspace("team");
      Node file = store.file(store.root(team), "a", "x");
      UUID blob = store.blobOf(file);
      store.purge(file);
      store.sweep();
      store.pass(GRACE.minusSeconds(1));
      store.sweep();
      assertThat(store.state(blob)).isEqualTo(2);
      assertThat(store.stored(blob)).isTrue();
      store.pass(java.time.Duration.ofSeconds(2));
      store.sweep();
      assertThat(store.state(blob)).isEqualTo(3);
      assertThat(store.stored(blob)).isFalse();
      store.pass(DAY.plusSeconds(1));
      store.sweep();
      assertThat(store.state(blob)).isEqualTo(-1);
    }
  }

  @Test
  void aPutThatArrivesAfterItsDeleteIsDeletedOnceMore() {
    try (ContentFixture store = fixture(folder)) {
      StoredBlob blob = store.receiveBlob("x");
      store.objects.delete(BlobAddress.of(blob.blobId())); // as if it were still on its way
      store.pass(DEADLINE.plusSeconds(1));
      store.sweep();
      store.pass(GRACE.plusSeconds(1));
      store.sweep();
      assertThat(store.state(blob.blobId())).isEqualTo(3);
      put(store.objects, blob.blobId());
      store.pass(DAY.plusSeconds(1));
      store.sweep();
      assertThat(store.keys()).isEmpty();
      store.assertAllAgrees();
    }
  }

  @Test
  void aPurgedFolderGoesWithAllBelowItInSlices() throws Exception {
    try (ContentFixture store = fixture(folder, inMemory())) {
      Workspace team = store.workspace("team");
      Node top = store.folder(store.root(team), "top");
      Node kept = store.file(store.root(team), "kept", "kept");
      long before = store.count(NODES);
      fill(store, top, 250);
      Node deeper = store.folder(store.folder(top, "one"), "two");
      store.copy(kept, deeper, "copy");
      Node many = store.file(deeper, "many", "v");
      addVersions(store, many, 1200);
      grant(store, top);
      grant(store, deeper);
      store.purge(top);
      store.sweep();
      assertThat(store.count(NODES)).isEqualTo(before - 1);
      assertThat(store.count(PURGES)).isZero();
      assertThat(store.count(VERSIONS)).isEqualTo(1);
      assertThat(store.count(CONTENTS)).isEqualTo(1);
      assertThat(store.count(PARTS)).isEqualTo(1);
      assertThat(store.count(PERMISSIONS)).isZero();
      assertThat(store.used(team)).isEqualTo(kept.size());
      assertThat(store.read(kept.contentId())).isEqualTo("kept");
      store.sweepUntilNothingIsLeft();
      assertThat(store.count(BLOBS)).isEqualTo(1);
      assertThat(store.keys()).containsExactly(BlobAddress.of(store.blobOf(kept)));
      store.assertAllAgrees();
    }
  }

  @Test
  void noSliceTouchesMoreThanAThousandRowsAndEachTellsWhatItDid() {
    try (ContentFixture store = fixture(folder, inMemory())) {
      Workspace team = store.workspace("team");
      Node top = store.folder(store.root(team), "top");
      fill(store, top, 300);
      store.purge(top);
      AtomicInteger slices = new AtomicInteger();
      for (int shard = 0; shard < 16; shard++) {
        store.sweeper.run(
            new Around(store.context(shard)) {
              @Override
              public <R extends @Nullable Object> R protectedWrite(Work<R> work) {
                return super.protectedWrite(
                    tx -> {
                      CountingTx counting = new CountingTx(tx);
                      R result = work.run(counting);
                      assertThat(counting.rows()).isLessThanOrEqualTo(1000);
                      slices.incrementAndGet();
                      return result;
                    });
              }
            });
      }
      assertThat(slices.get()).isGreaterThan(3);
      List<String> changes =
          store.sql.read(tx -> tx.query(CHANGES, team.id())).stream()
              .map(row -> row.text("changes"))
              .toList();
      long seq = store.sql.read(tx -> store.workspaces.find(tx, team.id())).orElseThrow().seq();
      long outsideTheOutbox = 1 + 1 + 1; // this test's own folder, files and purge write no events
      assertThat((long) changes.size()).isEqualTo(seq - outsideTheOutbox);
      assertThat(String.join("", changes).split("node.purged", -1)).hasSize(301 + 1);
    }
  }

  @Test
  void anEventOfManyLongNamesStaysBelowTheBoundOfItsRow() {
    try (ContentFixture store = fixture(folder, inMemory())) {
      Workspace team = store.workspace("team");
      Node top = store.folder(store.root(team), "top");
      for (int i = 0; i < 300; i++) {
        store.file(top, "\u0001".repeat(240) + i, "x");
      }
      store.purge(top);
      store.sweep();
      List<Integer> sizes =
          store.sql.read(tx -> tx.query(CHANGES, team.id())).stream()
              .map(row -> row.text("changes").length())
              .toList();
      assertThat(sizes)
          .isNotEmpty()
          .allMatch(size -> size <= dev.skep.domain.outbox.Outbox.MAX_BYTES / 2 + 4096);
      assertThat(store.count(PURGES)).isZero();
    }
  }

  @Test
  void aPurgedNodeThatCannotBeRemovedStopsNeitherOthersNorTheBlobs() {
    try (ContentFixture store = fixture(folder, inMemory())) {
      Workspace team = store.workspace("team");
      List<Node> files = fill(store, store.folder(store.root(team), "top"), 250);
      Node bad = files.getFirst();
      store.failsToRemove = bad.id()::equals;
      files.forEach(store::purge);
      store.receiveBlob("never named");

      for (int round = 0; round < 2; round++) {
        store.sweep();
        assertThat(store.find(bad.id())).isPresent();
        assertThat(store.count(PURGES)).isEqualTo(1);
        assertThat(store.used(team)).isEqualTo(bad.size());
        assertThat(store.sweeper.setAside()).isEqualTo(1);
      }
      store.pass(DEADLINE.plusSeconds(1));
      store.sweep();
      store.pass(GRACE.plusSeconds(1));
      store.sweep();
      assertThat(store.keys()).hasSize(1);

      store.failsToRemove = id -> false;
      store.sweepUntilNothingIsLeft();
      assertThat(store.count(PURGES)).isZero();
      assertThat(store.sweeper.setAside()).isZero();
      assertThat(store.used(team)).isZero();
      store.assertAllAgrees();
    }
  }

  @Test
  void moreNodesThatCannotBeRemovedThanAreReadAtOnceHideNoOther() {
    try (ContentFixture store = fixture(folder, inMemory())) {
      Workspace team = store.workspace("team");
      List<Node> files = fill(store, store.folder(store.root(team), "top"), 2_000);
      Node good = files.getLast();
      store.failsToRemove = id -> !id.equals(good.id());
      files.forEach(store::purge);
      store.sweep();
      assertThat(store.find(good.id())).isEmpty();
      assertThat(store.sweeper.setAside()).isEqualTo(1_999);
    }
  }

  @Test
  void aSweeperKilledBetweenAnyTwoStepsIsResumed() {
    for (int step = 1; ; step += step < 4 ? 1 : 17) {
      try (ContentFixture store = fixture(folder.resolve("kill-" + step), inMemory())) {
        Workspace team = store.workspace("team");
        Node top = store.folder(store.root(team), "top");
        fill(store, top, 4);
        store.folder(top, "below");
        store.purge(top);
        boolean killed = sweepUntilKilledAt(store, step);
        store.sweepUntilNothingIsLeft();
        assertThat(store.count(NODES)).isEqualTo(2);
        assertThat(store.count(BLOBS)).isZero();
        assertThat(store.used(team)).isZero();
        assertThat(store.keys()).isEmpty();
        store.assertAllAgrees();
        if (!killed) {
          assertThat(step).isGreaterThan(5);
          return;
        }
      }
    }
  }

  /** The n-th transaction of all sweeping dies before or after it is made, in turn. */
  private static boolean sweepUntilKilledAt(ContentFixture store, int step) {
    AtomicInteger writes = new AtomicInteger();
    try {
      for (var time : List.of(DEADLINE, GRACE, DAY)) {
        for (int shard = 0; shard < 16; shard++) {
          store.sweeper.run(
              new Around(store.context(shard)) {
                @Override
                public <R extends @Nullable Object> R protectedWrite(Work<R> work) {
                  boolean dies = writes.incrementAndGet() == (step + 1) / 2;
                  if (dies && step % 2 == 0) {
                    throw new Killed();
                  }
                  R result = super.protectedWrite(work);
                  if (dies) {
                    throw new Killed();
                  }
                  return result;
                }
              });
        }
        store.pass(time.plusSeconds(1));
      }
      return false;
    } catch (Killed e) {
      return true;
    }
  }

  @Test
  void aStoreThatFailsBeforeOrAfterAnyCallNeverLosesWhatIsNamed() throws Exception {
    for (int seed = 0; seed < 3; seed++) {
      FaultPlan plan = FaultPlan.random(seed, 0.2);
      Switch faults = new Switch();
      try (ContentFixture store =
          fixture(
              folder.resolve("faulty-" + seed),
              around -> {
                ObjectStore objects = new MemoryObjects();
                return faults.between(objects, new FaultyObjectStore(objects, plan));
              })) {
        Node root = store.root(store.workspace("team"));
        List<Node> files = new ArrayList<>();
        faults.on = true;
        for (int i = 0; i < 60; i++) {
          try {
            files.add(store.file(root, "f" + i, "body " + i));
          } catch (SkepException e) {
            assertThat(e.code()).isIn(ErrorCode.UNAVAILABLE, ErrorCode.UNKNOWN_OUTCOME);
          }
        }
        assertThat(files).hasSizeBetween(5, 55);
        files.subList(0, files.size() / 2).forEach(store::purge);
        for (int round = 0; round < 30; round++) {
          store.pass(DEADLINE.plusSeconds(1));
          for (int shard = 0; shard < 16; shard++) {
            try {
              store.sweeper.run(store.context(shard));
            } catch (SkepException e) {
              assertThat(e.code()).isIn(ErrorCode.UNAVAILABLE, ErrorCode.UNKNOWN_OUTCOME);
            }
          }
        }
        faults.on = false;
        List<Node> left = files.subList(files.size() / 2, files.size());
        for (Node file : left) {
          assertThat(store.read(file.contentId())).startsWith("body");
        }
        store.sweepUntilNothingIsLeft();
        store.assertAllAgrees();
        assertThat(store.keys()).hasSize(left.size());
      }
    }
  }

  @Test
  void theCheckFindsWhatIsMissingAndWhatNothingNames() {
    try (ContentFixture store = fixture(folder)) {
      Node root = store.root(store.workspace("team"));
      Node lost = store.file(root, "lost", "x");
      Node rowLost = store.file(root, "row-lost", "y");
      store.file(root, "well", "z");
      store.assertAllAgrees();
      store.objects.delete(BlobAddress.of(store.blobOf(lost)));
      UUID stray = new UUID(3, 3);
      put(store.objects, stray);
      UUID rowLostBlob = store.blobOf(rowLost);
      store.sql.write(tx -> tx.update(LOSE_ROW, rowLostBlob));
      assertThat(store.check.findings())
          .extracting(ContentCheck.Finding::problem, ContentCheck.Finding::what)
          .containsExactlyInAnyOrder(
              org.assertj.core.groups.Tuple.tuple(
                  ContentCheck.Problem.MISSING, BlobAddress.of(store.blobOf(lost))),
              org.assertj.core.groups.Tuple.tuple(
                  ContentCheck.Problem.UNNAMED, BlobAddress.of(stray)),
              org.assertj.core.groups.Tuple.tuple(
                  ContentCheck.Problem.UNNAMED, BlobAddress.of(rowLostBlob)),
              org.assertj.core.groups.Tuple.tuple(
                  ContentCheck.Problem.MISSING, rowLost.contentId().toString()));
    }
  }

  @Test
  void theCheckFindsRowsThatDoNotNameEachOther() {
    try (ContentFixture store = fixture(folder)) {
      Node root = store.root(store.workspace("team"));
      Node noVersion = store.file(root, "no-version", "x");
      Node noParts = store.file(root, "no-parts", "y");
      Node noContent = store.file(root, "no-content", "z");
      store.sql.write(tx -> tx.update(ContentFixture.TestSql.DELETE_VERSIONS, noVersion.id()));
      UUID blob = store.blobOf(noParts);
      store.sql.write(tx -> tx.update(ContentSql.DELETE_PARTS, noParts.contentId()));
      store.sql.write(tx -> tx.update(ContentFixture.TestSql.LOSE_CONTENT, noContent.contentId()));
      assertThat(store.check.findings())
          .extracting(ContentCheck.Finding::detail)
          .containsExactlyInAnyOrder(
              "no version names it",
              "it has no bytes",
              "its content is gone",
              "no content has its parts",
              "the blob is live, but no content has it");
      assertThat(store.state(blob)).isEqualTo(1);
    }
  }

  @Test
  void aPurgedNodeOfADeletedWorkspaceIsRemovedToo() {
    try (ContentFixture store = fixture(folder)) {
      Workspace team = store.workspace("team");
      Node top = store.folder(store.root(team), "top");
      store.file(top, "a", "x");
      store.purge(top);
      store.sql.write(
          tx -> {
            store.workspaces.begin(tx, team.id());
            store.workspaces.delete(tx, team);
            return team;
          });
      store.sweepUntilNothingIsLeft();
      assertThat(store.count(NODES)).isZero();
      assertThat(store.keys()).isEmpty();
      store.assertAllAgrees();
    }
  }

  @Test
  void aStaleSweeperChangesNothing() {
    try (ContentFixture store = fixture(folder)) {
      Workspace team = store.workspace("team");
      Node file = store.file(store.root(team), "a", "x");
      store.purge(file);
      long nodes = store.count(NODES);
      int refused = 0;
      for (int shard = 0; shard < 16; shard++) {
        String duty = "sweeper/" + shard;
        Fence own = new Fence(duty, 1, 1);
        Fence newer = new Fence(duty, 1, 2);
        passes(store, own);
        passes(store, newer);
        DutyContext stale =
            new Around(store.context(shard)) {
              @Override
              public <R extends @Nullable Object> R protectedWrite(Work<R> work) {
                return store.sql.write(
                    tx -> {
                      own.check(tx);
                      return work.run(tx);
                    });
              }
            };
        try {
          store.sweeper.run(stale);
        } catch (StaleHolderException e) {
          refused++;
        }
      }
      assertThat(refused).as("shards with work, refused by their fence").isPositive();
      assertThat(store.count(NODES)).isEqualTo(nodes);
      assertThat(store.stored(store.blobOf(file))).isTrue();
    }
  }

  @Test
  void aBlobThatCannotBeDeletedDoesNotHideThatOthersWere() {
    Switch faults = new Switch();
    try (ContentFixture store =
        fixture(
            folder,
            objects ->
                faults.between(
                    objects,
                    new FaultyObjectStore(objects, FaultPlan.nth(41, FaultPlan.Fault.BEFORE))))) {
      for (int i = 0; i < 100; i++) {
        store.receiveBlob("x");
      }
      store.sweep();
      store.pass(DEADLINE.plusSeconds(1));
      store.sweep();
      store.pass(GRACE.plusSeconds(1));
      faults.on = true;
      assertThatThrownBy(store::sweep).isInstanceOf(SkepException.class);
      assertThat(store.keys()).hasSize(60);
      store.sweep();
      assertThat(store.keys()).isEmpty();
    }
  }

  /** Spares the disk where the store of the blobs is not what is tested. */
  static UnaryOperator<ObjectStore> inMemory() {
    return embedded -> new MemoryObjects();
  }

  /** Files whose bodies are their names, made in few transactions. */
  static List<Node> fill(ContentFixture store, Node parent, int count) {
    List<UUID> ids = new ArrayList<>();
    List<Received> bodies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(store.id());
      ids.add(store.id());
      ids.add(store.id());
      bodies.add(store.receive(ids.get(3 * i + 1), "file-" + i));
    }
    store.sql.write(
        tx -> {
          store.workspaces.begin(tx, parent.workspaceId());
          for (int i = 0; i < count; i++) {
            store.add(
                tx,
                parent,
                "file-" + i,
                ids.get(3 * i),
                ids.get(3 * i + 1),
                ids.get(3 * i + 2),
                bodies.get(i));
          }
          return count;
        });
    return store.sql.read(
        tx ->
            IntStream.range(0, count)
                .mapToObj(i -> store.nodes.find(tx, ids.get(3 * i)).orElseThrow())
                .toList());
  }

  private static void addVersions(ContentFixture store, Node file, int count) {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(store.id());
    }
    store.sql.write(
        tx -> {
          Workspace workspace = store.workspaces.begin(tx, file.workspaceId());
          store.workspaces.charge(tx, workspace, count * file.size());
          for (int i = 0; i < count; i++) {
            store.version(tx, ids.get(i), file.id(), i + 2, file.contentId(), file.size());
          }
          return count;
        });
  }

  private static void grant(ContentFixture store, Node node) {
    for (int i = 0; i < 3; i++) {
      UUID subject = new UUID(7, i);
      store.sql.write(tx -> tx.update(GRANT, node.id(), subject, node.workspaceId()));
    }
  }

  private static void passes(ContentFixture store, Fence fence) {
    store.sql.write(
        tx -> {
          fence.check(tx);
          return fence;
        });
  }

  private static void put(ObjectStore objects, UUID blobId) {
    try (ObjectStore.Upload upload = objects.create(BlobAddress.of(blobId), 1)) {
      upload.write(new byte[1], 0, 1);
      upload.commit();
    }
  }

  private static final class Killed extends Error {}

  /** One of two stores, as the test says. */
  private static final class Switch {

    private volatile boolean on;

    ObjectStore between(ObjectStore well, ObjectStore faulty) {
      return (ObjectStore)
          java.lang.reflect.Proxy.newProxyInstance(
              ObjectStore.class.getClassLoader(),
              new Class<?>[] {ObjectStore.class},
              (proxy, method, arguments) -> {
                try {
                  return method.invoke(on ? faulty : well, arguments);
                } catch (java.lang.reflect.InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }
  }

  /** A context that does as another one. */
  private abstract static class Around implements DutyContext {

    private final DutyContext context;

    Around(DutyContext context) {
      this.context = context;
    }

    @Override
    public int shard() {
      return context.shard();
    }

    @Override
    public int shards() {
      return context.shards();
    }

    @Override
    public dev.skep.domain.Caller caller() {
      return context.caller();
    }

    @Override
    public boolean held() {
      return context.held();
    }

    @Override
    public <R extends @Nullable Object> R protectedWrite(Work<R> work) {
      return context.protectedWrite(work);
    }
  }
}
