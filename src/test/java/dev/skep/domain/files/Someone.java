package dev.skep.domain.files;

import dev.skep.common.Ids;
import dev.skep.domain.Caller;
import dev.skep.domain.Rights;
import dev.skep.domain.tree.Workspaces;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Statement;
import dev.skep.testkit.Drive;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Makes people with a home, by their rows alone. */
final class Someone {

  private enum Sql implements Statement {
    ACCOUNT(
        "INSERT INTO account (id, name, display_name, email, type, admin, disabled, home_id, revision, created_at)"
            + " VALUES (?, ?, ?, '', 'person', 0, 0, ?, 1, ?)"),
    ENTRY(
        "INSERT INTO permission (node_id, subject_kind, subject_id, workspace_id, rights, revision)"
            + " VALUES (?, 1, ?, ?, ?, 1)"),
    EVERYONE(
        "INSERT INTO permission (node_id, subject_kind, subject_id, workspace_id, rights, revision)"
            + " VALUES (?, 3, ?, ?, ?, 1)"),
    USED("SELECT used FROM workspace WHERE owner_id = ?"),
    SEQ(
        "SELECT w.seq, (SELECT COUNT(*) FROM outbox o WHERE o.workspace_id = w.id) AS events FROM workspace w"
            + " WHERE w.owner_id = ?"),
    TOLD(
        "SELECT LENGTH(o.changes) AS bytes FROM outbox o JOIN workspace w ON w.id = o.workspace_id"
            + " WHERE w.owner_id = ? LIMIT 1000"),
    VERSIONS("SELECT size FROM version WHERE node_id = ? ORDER BY number LIMIT 1000");

    private final String sql;

    Sql(String sql) {
      this.sql = sql;
    }

    @Override
    public String sql() {
      return sql;
    }
  }

  private Someone() {}

  static Caller withHome(Drive drive, String name, long quota) {
    Ids ids = drive.get(Ids.class);
    UUID id = ids.next();
    UUID homeId = ids.next();
    Workspaces.Roots roots = new Workspaces.Roots(ids.next(), ids.next());
    Instant now = Instant.EPOCH;
    drive
        .get(SqlStore.class)
        .write(
            tx -> {
              drive
                  .get(Workspaces.class)
                  .insert(tx, homeId, "home-" + name, name, id, quota, roots, now, id);
              tx.update(Sql.ACCOUNT, id, name, name, homeId, now);
              return tx.update(Sql.ENTRY, roots.rootId(), id, homeId, Rights.ALL.bits());
            });
    return new Caller(id, name, false, Ids.ZERO, List.of(), "test", null);
  }

  /** Gives an entry of his own on a node. */
  static void may(Drive drive, Caller who, NodeView node, UUID workspaceId, Rights rights) {
    drive
        .get(SqlStore.class)
        .write(tx -> tx.update(Sql.ENTRY, node.id(), who.accountId(), workspaceId, rights.bits()));
  }

  /** Gives an entry for everyone on a node. */
  static void everyoneMay(Drive drive, NodeView node, UUID workspaceId, Rights rights) {
    drive
        .get(SqlStore.class)
        .write(tx -> tx.update(Sql.EVERYONE, node.id(), Ids.ZERO, workspaceId, rights.bits()));
  }

  static long used(Drive drive, Caller owner) {
    return drive
        .get(SqlStore.class)
        .read(tx -> tx.one(Sql.USED, owner.accountId()).orElseThrow().number("used"));
  }

  /** How many changes his home has seen; each has its one event. */
  static long changes(Drive drive, Caller owner) {
    return drive
        .get(SqlStore.class)
        .read(
            tx -> {
              var row = tx.one(Sql.SEQ, owner.accountId()).orElseThrow();
              if (row.number("seq") != row.number("events")) {
                throw new AssertionError("the outbox has a gap");
              }
              return row.number("seq");
            });
  }

  /** The bytes of all that his home's events say. */
  static long told(Drive drive, Caller owner) {
    return drive
        .get(SqlStore.class)
        .read(
            tx ->
                tx.query(Sql.TOLD, owner.accountId()).stream()
                    .mapToLong(row -> row.number("bytes"))
                    .sum());
  }

  /** The sizes of a file's versions, oldest first. */
  static List<Long> versions(Drive drive, NodeView file) {
    return drive
        .get(SqlStore.class)
        .read(
            tx ->
                tx.query(Sql.VERSIONS, file.id()).stream().map(row -> row.number("size")).toList());
  }
}
