package dev.skep.port.sql;

import static dev.skep.port.sql.StatementCases.NOW;
import static dev.skep.port.sql.StatementCases.digest;
import static dev.skep.port.sql.StatementCases.id;

import dev.skep.common.Ids;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A small drive in which every statement of the domain finds something, the same on each engine.
 */
final class StatementData {

  private final Tx tx;

  private StatementData(Tx tx) {
    this.tx = tx;
  }

  static void prepare(SqlStore store) {
    store.write(
        tx -> {
          new StatementData(tx).insertAll();
          return 0;
        });
  }

  private void insertAll() {
    insert("installation", 1, id("installation"), 1L, new byte[32], NOW);
    people();
    workspaces();
    nodes();
    contents();
    permissions();
    insert("outbox", id("home"), 7L, id("tx7"), NOW, id("ann"), "request", "[]");
    insert("token_epoch", 1, 1L, "first");
    insert("fence", "sweep", 1L, 5L);
    insert("idempotency", id("ann"), "key", digest("key"), "{\"ä\":1}", NOW);
    insert("setting_copy", "a.b", "v", 1L);
    insert("heartbeat", id("replica"), "1", "embedded", NOW);
  }

  private void people() {
    account("ann", true, false);
    account("bob", false, false);
    account("eve", true, true);
    insert("team", id("crew"), "crew", "Crew", 1L, NOW);
    insert("team", id("inner"), "inner", "Inner", 1L, NOW);
    insert("membership", id("crew"), 1, id("ann"));
    insert("membership", id("crew"), 1, id("eve"));
    insert("membership", id("crew"), 2, id("inner"));
    insert("membership", id("inner"), 1, id("bob"));
    credential("session", 1, 3600);
    credential("token", 2, 3600);
    credential("expired", 2, -3600);
    insert("credential_scope", id("token"), id("docs"), "/home/docs", 3);
    insert("credential_scope", id("token"), id("file"), "/home/docs/file", 1);
  }

  private void account(String name, boolean admin, boolean disabled) {
    insert(
        "account",
        id(name),
        name,
        name + " ä",
        name + "@x",
        "person",
        admin,
        disabled,
        "hash",
        id("home"),
        1L,
        NOW);
  }

  private void credential(String name, int kind, long seconds) {
    insert(
        "credential",
        id(name),
        digest(name),
        id("ann"),
        kind,
        name,
        NOW,
        NOW.plusSeconds(seconds),
        null);
  }

  private void workspaces() {
    insert(
        "workspace",
        id("home"),
        "home-ann",
        "Ann",
        id("ann"),
        id("root"),
        id("trash"),
        7L,
        1L,
        -1L,
        10L,
        1L,
        NOW);
    insert(
        "workspace",
        id("shared"),
        "shared",
        "Team",
        Ids.ZERO,
        id("root2"),
        id("trash2"),
        0L,
        0L,
        1000L,
        100L,
        1L,
        NOW);
  }

  private void nodes() {
    folder("root", id("home"), "");
    folder("trash", id("home"), "trash");
    folder("docs", id("root"), "docs");
    folder("deep", id("docs"), "deep");
    file("日本", id("deep"), "日本");
    file("file", id("docs"), "file");
    for (String name : List.of("a", "A", "a ", "é", "e\u0301", "ß", "ss", "日本", "😀", "z")) {
      file("docs/" + name, id("docs"), name);
    }
    node("trashed", id("trash"), "x1", 0, id("docs"), id("docs"), "was ä");
    file("below trashed", id("trashed"), "below");
    insert("purged_node", id("trashed"), id("home"), 0, NOW);
  }

  private void folder(String id, UUID parent, String name) {
    node(id, parent, name, 0, null, null, null);
  }

  private void file(String id, UUID parent, String name) {
    node(id, parent, name, 1, null, null, null);
  }

  private void node(
      String id,
      UUID parent,
      String name,
      int type,
      @Nullable UUID rightsParent,
      @Nullable UUID origin,
      @Nullable String originName) {
    insert(
        "node",
        id(id),
        id("home"),
        parent,
        name,
        type,
        id("v2"),
        id("content"),
        5L,
        type == 0 ? null : digest(id),
        "text/plain",
        "[\"tag\"]",
        "{}",
        1L,
        NOW,
        id("ann"),
        NOW,
        id("ann"),
        NOW,
        rightsParent,
        origin,
        originName,
        origin == null ? null : NOW,
        origin == null ? null : id("ann"));
  }

  private void contents() {
    version("v1", 1, "content");
    version("v2", 2, "content");
    version("v3", 3, "lost content");
    insert("content", id("content"), 10L, digest("content"), NOW, null);
    insert("content", id("unnamed"), 10L, null, NOW, null);
    insert("content", id("small"), 6L, digest("small"), NOW, digest("stored"));
    insert("content", id("no bytes"), 6L, digest("no bytes"), NOW, null);
    insert("content_part", id("small"), 1, id("blob condemned"), 5L, digest("part4"));
    insert("content_part", id("content"), 1, id("blob live"), 5L, digest("part1"));
    insert("content_part", id("content"), 2, id("blob live"), 5L, digest("part2"));
    insert("content_part", id("unnamed"), 1, id("blob condemned"), 5L, digest("part3"));
    List<String> states = List.of("announced", "live", "condemned", "deleted");
    for (int state = 0; state < states.size(); state++) {
      insert("stored_blob", id("blob " + states.get(state)), state, 0, NOW);
    }
  }

  private void version(String name, int number, String content) {
    UUID node = number < 3 ? id("file") : id("日本");
    insert(
        "version",
        id(name),
        node,
        number,
        id(content),
        5L,
        digest(name),
        "text/plain",
        NOW,
        id("ann"),
        NOW);
  }

  private void permissions() {
    permission("root", 1, id("ann"), 31);
    permission("root", 1, id("eve"), 31);
    permission("docs", 2, id("crew"), 3);
    permission("docs", 3, Ids.ZERO, 1);
    permission("docs", 4, id("link"), 1);
    permission("file", 1, id("bob"), 0);
    permission("docs/é", 2, id("inner"), 3);
  }

  private void permission(String node, int kind, UUID subject, int rights) {
    insert("permission", id(node), kind, subject, id("home"), rights, 1L);
  }

  private void insert(String table, @Nullable Object... values) {
    String places = String.join(", ", Collections.nCopies(values.length, "?"));
    tx.update(new Text("INSERT INTO " + table + " VALUES (" + places + ")"), values);
  }

  /** A statement of the test, not of the domain. */
  record Text(String sql) implements Statement {
    @Override
    public String name() {
      return sql;
    }
  }
}
