package dev.skep.domain.content;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.uuid.Generators;
import dev.skep.common.Ids;
import dev.skep.domain.duty.DutyContext;
import dev.skep.domain.duty.Wakeups;
import dev.skep.domain.outbox.Outbox;
import dev.skep.domain.permission.EntriesOfRemovedNodes;
import dev.skep.domain.tree.Node;
import dev.skep.domain.tree.Nodes;
import dev.skep.domain.tree.Workspace;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.objects.ObjectStore;
import dev.skep.port.objects.embedded.EmbeddedObjectStore;
import dev.skep.port.objects.embedded.EmbeddedObjectsConfig;
import dev.skep.port.pubsub.PubSub;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Statement;
import dev.skep.port.sql.Tx;
import dev.skep.port.sql.Work;
import dev.skep.port.sql.embedded.EmbeddedSqlStore;
import dev.skep.testkit.EndlessLease;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Contents, a tree and the sweeper on embedded stores, with a clock that a test moves. */
final class ContentFixture implements AutoCloseable {

  static final Duration DEADLINE = Duration.ofHours(1);
  static final Duration GRACE = Duration.ofHours(24);
  static final Duration DAY = Duration.ofDays(1);
  static final int ONLY_BLOBS = 0;

  private static final UUID SOMEONE = new UUID(1, 1);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
  private final InstantSource clock = now::get;
  private final Config config;
  private final EmbeddedSqlStore tables;
  private final EmbeddedObjectStore blobs;
  final SqlStore sql;
  final ObjectStore objects;
  final Contents contents;
  final Purges purges;
  final Nodes nodes;
  final Workspaces workspaces;
  final Sweeper sweeper;
  final ContentCheck check;

  /** Which nodes' removal throws. */
  Predicate<UUID> failsToRemove = id -> false;

  ContentFixture(Path folder) {
    this(folder, objects -> objects);
  }

  ContentFixture(Path folder, UnaryOperator<ObjectStore> around) {
    this(folder, around, Twice::new);
  }

  /**
   * @param aroundTables what stands between the test and the embedded tables, or instead of them
   */
  ContentFixture(
      Path folder, UnaryOperator<ObjectStore> around, UnaryOperator<SqlStore> aroundTables) {
    this(folder, around, aroundTables, ONLY_BLOBS);
  }

  /**
   * @param small the most bytes of a small content
   */
  ContentFixture(
      Path folder,
      UnaryOperator<ObjectStore> around,
      UnaryOperator<SqlStore> aroundTables,
      int small) {
    config = new Config(small, DEADLINE, 100, GRACE, Duration.ofMinutes(1));
    tables = new EmbeddedSqlStore(() -> folder.resolve("sql"));
    blobs = new EmbeddedObjectStore(new ObjectsIn(folder.resolve("objects"), 1));
    tables.open();
    blobs.open();
    sql = aroundTables.apply(tables);
    objects = around.apply(blobs);
    nodes = new Nodes();
    workspaces = new Workspaces();
    contents = newReplica();
    purges = new Purges(nodes, new Wakeups(hints()));
    check = new ContentCheck(sql, objects);
    sweeper =
        new Sweeper(
            config,
            sql,
            objects,
            this::id,
            clock,
            workspaces,
            nodes,
            new Outbox(),
            contents,
            purges,
            List.of(new EntriesOfRemovedNodes(nodes), this::removing));
  }

  /** Nobody listens. */
  private static PubSub hints() {
    return new PubSub() {
      @Override
      public void publish(String subject, String text) {}

      @Override
      public Subscription subscribe(String pattern, Subscriber subscriber) {
        throw new UnsupportedOperationException();
      }
    };
  }

  private boolean removing(Tx tx, Node node) {
    if (failsToRemove.test(node.id())) {
      throw new IllegalStateException("this test's node cannot be removed");
    }
    return true;
  }

  Instant now() {
    return now.get();
  }

  void pass(Duration time) {
    now.updateAndGet(at -> at.plus(time));
  }

  UUID id() {
    return Generators.timeBasedEpochGenerator().generate();
  }

  Contents newReplica() {
    return newReplica(config.small());
  }

  Contents newReplica(int small) {
    return new Contents(sql, objects, this::id, clock, config.with(small));
  }

  // --- the tree

  Workspace workspace(String slug) {
    UUID id = id();
    Workspaces.Roots roots = new Workspaces.Roots(id(), id());
    return sql.write(
        tx -> {
          workspaces.insert(
              tx, id, slug, slug, Ids.ZERO, Workspace.NO_QUOTA, roots, now(), SOMEONE);
          return workspaces.find(tx, id).orElseThrow();
        });
  }

  Node root(Workspace workspace) {
    return node(workspace.rootId());
  }

  Node node(UUID id) {
    return find(id).orElseThrow();
  }

  java.util.Optional<Node> find(UUID id) {
    return sql.read(tx -> nodes.find(tx, id));
  }

  Node folder(Node parent, String name) {
    UUID id = id();
    sql.write(
        tx -> {
          workspaces.begin(tx, parent.workspaceId());
          nodes.insertFolder(tx, id, parent, name, now(), SOMEONE);
          return id;
        });
    return node(id);
  }

  Node file(Node parent, String name, String body) {
    UUID id = id();
    UUID contentId = id();
    UUID versionId = id();
    Received received = receive(contentId, body);
    sql.write(tx -> file(tx, parent, name, id, contentId, versionId, received));
    return node(id);
  }

  UUID file(
      Tx tx, Node parent, String name, UUID id, UUID contentId, UUID versionId, Received received) {
    workspaces.begin(tx, parent.workspaceId());
    return add(tx, parent, name, id, contentId, versionId, received);
  }

  /** The same in a transaction that has begun. */
  UUID add(
      Tx tx, Node parent, String name, UUID id, UUID contentId, UUID versionId, Received received) {
    Workspace workspace = workspaces.find(tx, parent.workspaceId()).orElseThrow();
    workspaces.charge(tx, workspace, received.size());
    contents.name(tx, contentId, received, now());
    Nodes.FileContent content =
        new Nodes.FileContent(
            versionId, contentId, received.size(), received.sha256(), "text/plain", null);
    nodes.insertFile(tx, id, parent, name, content, now(), SOMEONE);
    version(tx, versionId, id, 1, contentId, received.size());
    return id;
  }

  /** Another version, or another file, of a content that exists. */
  Node copy(Node source, Node parent, String name) {
    UUID id = id();
    UUID versionId = id();
    sql.write(tx -> copy(tx, source, parent, name, id, versionId));
    return node(id);
  }

  UUID copy(Tx tx, Node source, Node parent, String name, UUID id, UUID versionId) {
    Workspace workspace = workspaces.begin(tx, parent.workspaceId());
    workspaces.charge(tx, workspace, source.size());
    contents.reuse(tx, source.contentId());
    Nodes.FileContent content =
        new Nodes.FileContent(
            versionId, source.contentId(), source.size(), source.sha256(), "text/plain", null);
    nodes.insertFile(tx, id, parent, name, content, now(), SOMEONE);
    version(tx, versionId, id, 1, source.contentId(), source.size());
    return id;
  }

  void version(Tx tx, UUID id, UUID nodeId, long number, UUID contentId, long size) {
    tx.update(
        TestSql.INSERT_VERSION, id, nodeId, number, contentId, size, "text/plain", now(), SOMEONE);
  }

  void deleteVersionsAndRelease(Tx tx, Node file) {
    workspaces.begin(tx, file.workspaceId());
    tx.update(TestSql.DELETE_VERSIONS, file.id());
    contents.release(tx, file.contentId(), now());
    nodes.delete(tx, file.id());
  }

  void purge(Node node) {
    sql.write(
        tx -> {
          workspaces.begin(tx, node.workspaceId());
          purges.add(tx, node, now());
          return node;
        });
  }

  // --- bytes

  Received receive(UUID contentId, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return contents.receive(contentId, new ByteArrayInputStream(bytes), bytes.length);
  }

  StoredBlob receiveBlob(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return contents.receiveBlob(new ByteArrayInputStream(bytes), bytes.length);
  }

  List<StoredPart> parts(UUID contentId) {
    return sql.read(tx -> contents.parts(tx, contentId));
  }

  UUID blobOf(Node file) {
    return parts(file.contentId()).getFirst().blobId();
  }

  /** The framed bytes of a small content; absent where it is not small. */
  byte @Nullable [] framed(UUID contentId) {
    return sql.read(tx -> tx.one(TestSql.STORED, contentId).orElseThrow().bytesOrNull("stored"));
  }

  void damage(UUID contentId, byte[] framed) {
    sql.write(tx -> tx.update(TestSql.DAMAGE, framed, contentId));
  }

  String read(UUID contentId) throws Exception {
    StoredContent content = sql.read(tx -> contents.find(tx, contentId));
    try (ContentStream stream = content.open(0, -1)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  boolean stored(UUID blobId) {
    try (ObjectStore.Download found = objects.open(BlobAddress.of(blobId), 0, 0)) {
      return found != null;
    }
  }

  List<String> keys() {
    return objects.list("", null, 100_000);
  }

  // --- rows

  /** The blob's state, −1 when its row is gone. */
  long state(UUID blobId) {
    return sql.read(
        tx -> tx.one(TestSql.STATE, blobId).map(row -> row.number("state")).orElse(-1L));
  }

  long count(TestSql count) {
    return sql.read(tx -> tx.one(count)).orElseThrow().number("n");
  }

  long used(Workspace workspace) {
    return sql.read(tx -> workspaces.find(tx, workspace.id())).orElseThrow().used();
  }

  // --- the sweeper

  void sweep() {
    for (int shard = 0; shard < sweeper.shards(); shard++) {
      sweeper.run(context(shard));
    }
  }

  /** Long enough for every blob that nothing names to be forgotten. */
  void sweepUntilNothingIsLeft() {
    sweep();
    for (Duration time : List.of(DEADLINE, GRACE, DAY)) {
      pass(time.plusSeconds(1));
      sweep();
    }
  }

  DutyContext context(int shard) {
    return new EndlessLease(shard, sql);
  }

  void assertAllAgrees() {
    assertThat(check.findings()).isEmpty();
  }

  @Override
  public void close() {
    blobs.close();
    tables.close();
  }

  private record Config(
      int small,
      Duration announceDeadline,
      int announceBatch,
      Duration grace,
      Duration sweepInterval)
      implements ContentConfig {

    Config with(int otherSmall) {
      return new Config(otherSmall, announceDeadline, announceBatch, grace, sweepInterval);
    }
  }

  private record ObjectsIn(Path folder, long minFreeSpace) implements EmbeddedObjectsConfig {}

  /** Runs each change, undoes it and runs it again: it must touch nothing but its transaction. */
  record Twice(SqlStore sql) implements SqlStore {

    @Override
    public <R extends @Nullable Object> R read(Work<R> work) {
      return sql.read(work);
    }

    @Override
    public <R extends @Nullable Object> R write(Work<R> work) {
      sql.write(
          tx -> {
            work.run(tx);
            tx.rollBackOnly();
            return "";
          });
      return sql.write(work);
    }
  }

  enum TestSql implements Statement {
    INSERT_VERSION(
        "INSERT INTO version (id, node_id, number, content_id, size, media_type, created_at, created_by)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
    DELETE_VERSIONS("DELETE FROM version WHERE node_id = ?"),
    STATE("SELECT state FROM stored_blob WHERE id = ?"),
    BLOBS("SELECT COUNT(*) AS n FROM stored_blob"),
    ANNOUNCED("SELECT COUNT(*) AS n FROM stored_blob WHERE state = 0"),
    CONTENTS("SELECT COUNT(*) AS n FROM content"),
    PARTS("SELECT COUNT(*) AS n FROM content_part"),
    VERSIONS("SELECT COUNT(*) AS n FROM version"),
    NODES("SELECT COUNT(*) AS n FROM node"),
    PURGES("SELECT COUNT(*) AS n FROM purged_node"),
    PERMISSIONS("SELECT COUNT(*) AS n FROM permission"),
    OUTBOX("SELECT COUNT(*) AS n FROM outbox"),
    CHANGES("SELECT changes FROM outbox WHERE workspace_id = ? ORDER BY seq"),
    GRANT(
        "INSERT INTO permission (node_id, subject_kind, subject_id, workspace_id, rights, revision)"
            + " VALUES (?, 1, ?, ?, 1, 1)"),
    LOSE_ROW("DELETE FROM stored_blob WHERE id = ?"),
    LOSE_CONTENT("DELETE FROM content WHERE id = ?"),
    STORED("SELECT `stored` FROM content WHERE id = ?"),
    DAMAGE("UPDATE content SET `stored` = ? WHERE id = ?"),
    WRONG_DIGEST("UPDATE content SET sha256 = ? WHERE id = ?");

    private final String sql;

    TestSql(String sql) {
      this.sql = sql;
    }

    @Override
    public String sql() {
      return sql;
    }
  }
}
