package dev.skep.domain.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.skep.common.Ids;
import dev.skep.domain.Caller;
import dev.skep.domain.content.ContentCheck;
import dev.skep.domain.tree.Workspace;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.Row;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Statement;
import dev.skep.testkit.Drive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** All rows of one person's home, and what must hold among them when nobody changes it. */
final class WholeTree {

  private static final int ROWS = 1000;

  private enum Sql implements Statement {
    NODES(
        "SELECT id, parent_id, name, type, version_id, tags, metadata FROM node WHERE workspace_id = ? AND id > ?"
            + " ORDER BY id LIMIT ?"),
    VERSIONS("SELECT id, node_id, size FROM version WHERE id > ? ORDER BY id LIMIT ?"),
    EVENTS(
        "SELECT seq, changes FROM outbox WHERE workspace_id = ? AND seq > ? ORDER BY seq LIMIT ?");

    private final String sql;

    Sql(String sql) {
      this.sql = sql;
    }

    @Override
    public String sql() {
      return sql;
    }
  }

  /** Where a node is. */
  private record Place(UUID parentId, String name) {}

  private final Drive drive;
  private final SqlStore sql;
  private final Workspace workspace;
  private final Map<UUID, Place> nodes = new HashMap<>();
  private final Map<UUID, UUID> versionOfFile = new HashMap<>();

  /** The bytes of all tags and metadata. */
  private long described;

  WholeTree(Drive drive, Caller owner) {
    this.drive = drive;
    this.sql = drive.get(SqlStore.class);
    this.workspace =
        sql.read(tx -> drive.get(Workspaces.class).ofOwner(tx, owner.accountId()).orElseThrow());
    readNodes();
  }

  /** How many nodes there are, in the tree and in the trash. */
  int size() {
    return nodes.size() - 2;
  }

  void assertSound() {
    everyNodeHangsOnARoot();
    everyByteIsCounted();
    theEventsTellOfAllInOrder();
    assertThat(drive.get(ContentCheck.class).findings()).isEmpty();
  }

  private void everyNodeHangsOnARoot() {
    Set<UUID> sound = new HashSet<>(Set.of(workspace.rootId(), workspace.trashId()));
    for (UUID id : nodes.keySet()) {
      Set<UUID> way = new HashSet<>();
      for (UUID at = id; !sound.contains(at); at = nodes.get(at).parentId()) {
        assertThat(way.add(at)).as("no cycle at %s", at).isTrue();
        assertThat(nodes).as("the parent of an orphan").containsKey(nodes.get(at).parentId());
      }
      sound.addAll(way);
    }
  }

  private void everyByteIsCounted() {
    long bytes = described;
    Set<UUID> versions = new HashSet<>();
    UUID last = Ids.ZERO;
    List<Row> rows;
    do {
      UUID after = last;
      rows = sql.read(tx -> tx.query(Sql.VERSIONS, after, ROWS));
      for (Row row : rows) {
        last = row.id("id");
        if (nodes.containsKey(row.id("node_id"))) {
          versions.add(last);
          bytes += row.number("size");
        }
      }
    } while (rows.size() == ROWS);
    assertThat(versions).containsAll(versionOfFile.values());
    assertThat(workspace.used()).isEqualTo(bytes);
    if (workspace.quota() >= 0) {
      assertThat(workspace.used()).isLessThanOrEqualTo(workspace.quota());
    }
  }

  /** One row for each seq; what they tell, one after another, is the tree. */
  private void theEventsTellOfAllInOrder() {
    Map<UUID, Place> told = new HashMap<>();
    long seq = 0;
    List<Row> rows;
    do {
      long after = seq;
      rows = sql.read(tx -> tx.query(Sql.EVENTS, workspace.id(), after, ROWS));
      for (Row row : rows) {
        assertThat(row.number("seq")).as("no gap in the outbox").isEqualTo(++seq);
        json(row.text("changes")).forEach(change -> apply(told, change));
      }
    } while (rows.size() == ROWS);
    assertThat(seq).isEqualTo(workspace.seq());
    Map<UUID, Place> living = new HashMap<>(nodes);
    living.keySet().removeAll(Set.of(workspace.rootId(), workspace.trashId()));
    assertThat(told).isEqualTo(living);
  }

  private static void apply(Map<UUID, Place> told, JsonNode change) {
    JsonNode state = change.path("state");
    UUID id = UUID.fromString(change.path("subject").asText());
    switch (change.path("type").asText()) {
      case "node.purged" -> told.remove(id);
      case "node.purging" -> {}
      case String type when type.startsWith("node.") ->
          told.put(
              id,
              new Place(
                  UUID.fromString(state.path("parentId").asText()), state.path("name").asText()));
      default -> {}
    }
  }

  private void readNodes() {
    UUID last = Ids.ZERO;
    List<Row> rows;
    do {
      UUID after = last;
      rows = sql.read(tx -> tx.query(Sql.NODES, workspace.id(), after, ROWS));
      for (Row row : rows) {
        last = row.id("id");
        nodes.put(last, new Place(row.id("parent_id"), row.text("name")));
        described += row.text("tags").equals("[]") ? 0 : bytes(row.text("tags"));
        described += row.text("metadata").equals("{}") ? 0 : bytes(row.text("metadata"));
        if (row.number("type") == 1) {
          versionOfFile.put(last, row.id("version_id"));
        }
      }
    } while (rows.size() == ROWS);
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }
}
