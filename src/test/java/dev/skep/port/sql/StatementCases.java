package dev.skep.port.sql;

import dev.skep.common.Ids;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@link StatementTableTest}: for each statement of the domain the parameters it is run
 * with on every engine, over the data of {@link StatementData}. A statement without a row turns
 * that test red: add it here, with parameters that find something, and others that do not.
 */
final class StatementCases {

  private StatementCases() {}

  /**
   * One run of one statement.
   *
   * @param statement {@code Enum.CONSTANT}
   * @param before what is run first, in the same transaction; {@code null} for nothing
   */
  record Case(String statement, @Nullable String before, @Nullable Object[] parameters) {

    static Case of(String statement, @Nullable Object... parameters) {
      return new Case(statement, null, parameters);
    }

    @Override
    public String toString() {
      return statement + Arrays.deepToString(parameters);
    }

    Case after(String sql) {
      return new Case(statement, sql, parameters);
    }
  }

  static final Instant NOW = Instant.parse("2026-01-01T00:00:00.000001Z");

  static UUID id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] digest(String name) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final UUID REPLICA = new UUID(1, 2);
  private static final String HEARTBEAT =
      "INSERT INTO heartbeat (replica_id, version, drivers, at)"
          + " VALUES (X'00000000000000010000000000000002', '1.0', 'sql=x', 1000)";

  private static final UUID ANN = id("ann");
  private static final UUID BOB = id("bob");
  private static final UUID EVE = id("eve");
  private static final UUID NOBODY = id("nobody");
  private static final UUID NEW = id("new");
  private static final UUID HOME = id("home");
  private static final UUID SHARED = id("shared");
  private static final UUID DOCS = id("docs");
  private static final UUID FILE = id("file");

  static final List<Case> ALL =
      List.of(
          // Tree
          Case.of("TreeSql.SERIALISE", HOME),
          Case.of("TreeSql.SERIALISE", NEW),
          Case.of("TreeSql.WORKSPACE", HOME),
          Case.of("TreeSql.WORKSPACE_BY_SLUG", "shared"),
          Case.of("TreeSql.WORKSPACE_BY_SLUG", "Shared"),
          Case.of("TreeSql.WORKSPACE_OF_OWNER", ANN),
          Case.of("TreeSql.INSERT_WORKSPACE", NEW, "new", "Neu ä", ANN, id("r"), id("t"), -1L, NOW),
          Case.of("TreeSql.INSERT_WORKSPACE", NEW, "shared", "", ANN, id("r"), id("t"), -1L, NOW),
          Case.of("TreeSql.UPDATE_WORKSPACE", "Name", 5L, HOME),
          Case.of("TreeSql.DELETE_WORKSPACE", SHARED),
          Case.of("TreeSql.RAISE_EPOCH", HOME),
          Case.of("TreeSql.GIVE_BACK_SEQ", HOME),
          Case.of("TreeSql.GIVE_BACK_SEQ", NEW),
          Case.of("TreeSql.CHARGE", 900L, SHARED, 900L),
          Case.of("TreeSql.CHARGE", 901L, SHARED, 901L),
          Case.of("TreeSql.CHARGE", 901L, HOME, 901L),
          Case.of("TreeSql.CREDIT", 50L, SHARED),
          Case.of("TreeSql.NODE", FILE),
          Case.of("TreeSql.NODE", id("trashed")),
          Case.of("TreeSql.NODE", NEW),
          Case.of("TreeSql.CHILD", DOCS, "a"),
          Case.of("TreeSql.CHILD", DOCS, "A"),
          Case.of("TreeSql.CHILD", DOCS, "a "),
          Case.of("TreeSql.CHILD", DOCS, "é"),
          Case.of("TreeSql.CHILD", DOCS, "e\u0301"),
          Case.of("TreeSql.CHILD", DOCS, "e"),
          Case.of("TreeSql.CHILDREN", DOCS, "", 100),
          Case.of("TreeSql.CHILDREN", DOCS, "a", 2),
          Case.of("TreeSql.LIGHT_CHILDREN", DOCS, "", 100),
          Case.of("TreeSql.LIGHT_CHILDREN", DOCS, "a", 2),
          Case.of("TreeSql.BYTES_OF_CHILDREN", DOCS, "", 100),
          Case.of("TreeSql.TRASHED", id("trash"), "", 100),
          Case.of("TreeSql.TRASHED", id("trash"), "x1", 100),
          Case.of("TreeSql.ABOVE_TRASHED", id("trash"), "", "x9", 100, 0),
          Case.of("TreeSql.ABOVE_TRASHED", id("trash"), "x1", "x9", 100, 0),
          Case.of("TreeSql.SET_TRASH", id("docs"), HOME),
          Case.of("TreeSql.RESOLVE", "", HOME),
          Case.of("TreeSql.RESOLVE", "docs/", HOME),
          Case.of("TreeSql.RESOLVE", "docs/deep/日本/", HOME),
          Case.of("TreeSql.RESOLVE", "docs/é/", HOME),
          Case.of("TreeSql.RESOLVE", "docs/a /", HOME),
          Case.of("TreeSql.RESOLVE", "docs/none/further/", HOME),
          Case.of("TreeSql.RESOLVE", "docs/", NEW),
          Case.of("TreeSql.ANCESTORS", FILE),
          Case.of("TreeSql.ANCESTORS", id("日本")),
          Case.of("TreeSql.ANCESTORS", id("below trashed")),
          Case.of("TreeSql.ANCESTORS", NEW),
          Case.of(
              "TreeSql.INSERT_NODE",
              NEW,
              HOME,
              DOCS,
              "new",
              1,
              id("v"),
              id("c"),
              5L,
              null,
              "text/plain",
              "",
              "",
              NOW,
              ANN,
              NOW,
              ANN,
              NOW),
          Case.of(
              "TreeSql.INSERT_NODE",
              NEW,
              HOME,
              DOCS,
              "é",
              1,
              id("v"),
              id("c"),
              5L,
              digest("d"),
              "text/plain",
              "",
              "",
              NOW,
              ANN,
              NOW,
              ANN,
              NOW),
          Case.of(
              "TreeSql.INSERT_NODE",
              NEW,
              HOME,
              DOCS,
              "É",
              1,
              id("v"),
              id("c"),
              5L,
              digest("d"),
              "text/plain",
              "",
              "",
              NOW,
              ANN,
              NOW,
              ANN,
              NOW),
          Case.of(
              "TreeSql.SET_CONTENT", id("v"), id("c"), 7L, null, "image/png", NOW, BOB, NOW, FILE),
          Case.of(
              "TreeSql.SET_PROPERTIES",
              "image/png",
              "[\"ä\"]",
              "{\"k\":\"v\"}",
              NOW,
              BOB,
              null,
              FILE),
          Case.of("TreeSql.MOVE", id("root"), "moved", FILE),
          Case.of("TreeSql.MOVE", DOCS, "a", FILE),
          Case.of("TreeSql.MOVE", DOCS, "file", FILE),
          Case.of("TreeSql.TRASH", id("trash"), "x", DOCS, DOCS, "file", NOW, ANN, FILE),
          Case.of("TreeSql.RESTORE", DOCS, "back", id("trashed")),
          Case.of("TreeSql.DETACH", "gone", id("trashed")),
          Case.of("TreeSql.DELETE_NODE", FILE),
          Case.of("TreeSql.ORPHANED_IN_TRASH", DOCS, 10),
          Case.of("TreeSql.RE_PARENT_RIGHTS", id("root"), id("trashed")),

          // Outbox
          Case.of("OutboxSql.APPEND", HOME, 8L, id("tx8"), NOW, ANN, "request", "[{\"ä\":1}]"),
          Case.of("OutboxSql.APPEND", HOME, 7L, id("tx8"), NOW, ANN, "request", "[]"),
          Case.of(
              "OutboxSql.APPEND_OF",
              HOME,
              8L,
              id("tx8"),
              NOW,
              ANN,
              "request",
              "[{\"ä\":1}]",
              id("session"),
              NOW),
          Case.of(
              "OutboxSql.APPEND_OF",
              HOME,
              9L,
              id("tx9"),
              NOW,
              ANN,
              "request",
              "[]",
              id("revoked"),
              NOW),
          Case.of("OutboxSql.EXPIRED", new UUID(-1, -1), NOW.plusSeconds(1), 10),
          Case.of("OutboxSql.EXPIRED", new UUID(-1, -1), NOW, 10),
          Case.of("OutboxSql.EXPIRED", Ids.ZERO, NOW.plusSeconds(1), 10),
          Case.of("OutboxSql.REMOVE", HOME, 7L),
          Case.of("OutboxSql.REMOVE", HOME, 8L),
          Case.of("OutboxSql.ANSWER", ANN, "key"),
          Case.of("OutboxSql.ANSWER", ANN, "KEY"),
          Case.of("OutboxSql.INSERT_ANSWER", ANN, "key 2", digest("q"), "{}", NOW),
          Case.of("OutboxSql.INSERT_ANSWER", ANN, "key", digest("q"), "{}", NOW),
          Case.of("OutboxSql.EXPIRED_ANSWERS", NOW.plusSeconds(1), 10),
          Case.of("OutboxSql.DELETE_ANSWER", ANN, "key"),

          // Permissions
          Case.of("PermissionSql.ENTRIES_ABOVE", ANN, FILE, 100, 0),
          Case.of("PermissionSql.ENTRIES_ABOVE", BOB, FILE, 100, 0),
          Case.of("PermissionSql.ENTRIES_ABOVE", BOB, id("below trashed"), 1, 1),
          Case.of("PermissionSql.ENTRIES_ABOVE", EVE, FILE, 100, 0),
          Case.of("PermissionSql.ENTRIES_ABOVE", NOBODY, FILE, 100, 0),
          Case.of("PermissionSql.ALL_ENTRIES_ABOVE", FILE, 100, 0),
          Case.of("PermissionSql.ALL_ENTRIES_ABOVE", id("below trashed"), 100, 0),
          Case.of("PermissionSql.ENTRIES_BELOW", HOME, id("root"), id("root"), id("root"), 100, 0),
          Case.of("PermissionSql.ENTRIES_BELOW", HOME, id("root"), id("root"), id("root"), 2, 1),
          Case.of("PermissionSql.ENTRIES_BELOW", HOME, DOCS, DOCS, DOCS, 100, 0),
          Case.of("PermissionSql.ENTRIES_BELOW", HOME, FILE, FILE, FILE, 100, 0),
          Case.of("PermissionSql.GROUPS_OF", EVE, 100, 0),
          Case.of("PermissionSql.GROUPS_OF", BOB, 100, 0),
          Case.of("PermissionSql.GROUPS_OF", BOB, 1, 1),
          Case.of("PermissionSql.ENTRIES_OF_CHILDREN", BOB, DOCS, "", "zz", 100, 0),
          Case.of("PermissionSql.ENTRIES_OF_TRASHED", BOB, id("trash"), "", "x9", 100, 0),
          Case.of("PermissionSql.ENTRIES_OF_TRASHED", EVE, id("trash"), "", "x9", 100, 0),
          Case.of("PermissionSql.ENTRY_WITHOUT", ANN, HOME, 16L, Ids.ZERO, HOME, 16L),
          Case.of("PermissionSql.ENTRY_WITHOUT", ANN, HOME, 1L, Ids.ZERO, HOME, 1L),
          Case.of("PermissionSql.ENTRY_WITHOUT", BOB, SHARED, 1L, Ids.ZERO, SHARED, 1L),
          Case.of("PermissionSql.OWN_ENTRY_WITHOUT", ANN, HOME, 16L),
          Case.of("PermissionSql.OWN_ENTRY_WITHOUT", BOB, HOME, 16L),
          Case.of("PermissionSql.OWN_ENTRIES", DOCS, 100, 0),
          Case.of("PermissionSql.OWN_ENTRIES", DOCS, 1, 1),
          Case.of("PermissionSql.USER_BY_NAME", "ann"),
          Case.of("PermissionSql.USER_BY_NAME", "Ann"),
          Case.of("PermissionSql.GROUP_BY_NAME", "crew"),
          Case.of("PermissionSql.INSERT_ENTRY", FILE, 1, ANN, HOME, 3, 1L),
          Case.of("PermissionSql.INSERT_ENTRY", FILE, 1, BOB, HOME, 3, 1L),
          Case.of("PermissionSql.UPDATE_ENTRY", 0, 9L, FILE, 1, BOB),
          Case.of("PermissionSql.DELETE_ENTRY", FILE, 1, BOB),
          Case.of("PermissionSql.DELETE_ENTRIES_OF_WORKSPACE", HOME),
          Case.of("PermissionSql.SHARED_WITH", ANN, Ids.ZERO, Ids.ZERO, ANN, 100),
          Case.of("PermissionSql.SHARED_WITH", BOB, Ids.ZERO, Ids.ZERO, BOB, 100),
          Case.of("PermissionSql.SHARED_WITH", BOB, DOCS, DOCS, BOB, 1),
          Case.of("PermissionSql.SHARED_WITH", EVE, Ids.ZERO, Ids.ZERO, EVE, 100),
          Case.of("PermissionSql.WORKSPACES_OF", ANN, "", 100),
          Case.of("PermissionSql.WORKSPACES_OF", BOB, "home", 100),
          Case.of("PermissionSql.WORKSPACES_OF", EVE, "", 100),
          Case.of("PermissionSql.WORKSPACE_IF_HELD", BOB, HOME),
          Case.of("PermissionSql.WORKSPACE_IF_HELD", EVE, HOME),

          // People
          Case.of("AccountSql.SERIALISE"),
          Case.of("AccountSql.SERIALISE_RIGHTS"),
          Case.of("AccountSql.SEQ"),
          Case.of("AccountSql.INSTALLATION"),
          Case.of("AccountSql.CURSOR_KEY"),
          Case.of("AccountSql.INSERT_INSTALLATION", NEW, new byte[32], NOW),
          Case.of("AccountSql.INSERT_INSTALLATION", NEW, new byte[32], NOW)
              .after("DELETE FROM installation"),
          Case.of(
              "AccountSql.NAMES", ANN, BOB, NOBODY, Ids.ZERO, Ids.ZERO, Ids.ZERO, Ids.ZERO, EVE),
          Case.of("AccountSql.FIND", ANN),
          Case.of("AccountSql.BY_NAME", "bob"),
          Case.of("AccountSql.BY_NAME", "bob "),
          Case.of("AccountSql.LIST", "", 10),
          Case.of("AccountSql.LIST", "ann", 1),
          Case.of("AccountSql.ANY"),
          Case.of("AccountSql.ADMINISTRATORS", 10),
          Case.of("AccountSql.PASSWORD", "ann"),
          Case.of(
              "AccountSql.INSERT",
              NEW,
              "new",
              "New Ä",
              "n@x",
              "person",
              false,
              true,
              null,
              HOME,
              NOW),
          Case.of(
              "AccountSql.INSERT", NEW, "ann", "", "", "person", false, true, "hash", HOME, NOW),
          Case.of("AccountSql.UPDATE", "D", "e@x", true, true, BOB),
          Case.of("AccountSql.SET_PASSWORD", null, ANN),
          Case.of("AccountSql.DELETE", ANN),
          Case.of("AccountSql.INSERT_ENTRY", FILE, 1, ANN, HOME, 3),
          Case.of("AccountSql.ENTRIES_OF_SUBJECT", 1, BOB, 10),
          Case.of("AccountSql.DELETE_ENTRY", FILE, 1, BOB),
          Case.of("AccountSql.DELETE_ENTRIES_OF_NODE", DOCS),
          Case.of("GroupSql.FIND", id("crew")),
          Case.of("GroupSql.BY_NAME", "crew"),
          Case.of("GroupSql.BY_NAME", "CREW"),
          Case.of("GroupSql.LIST", "", 10),
          Case.of("GroupSql.INSERT", NEW, "new", "New", NOW),
          Case.of("GroupSql.INSERT", NEW, "crew", "New", NOW),
          Case.of("GroupSql.UPDATE", "D", id("crew")),
          Case.of("GroupSql.TOUCH", id("crew")),
          Case.of("GroupSql.DELETE", id("crew")),
          Case.of("GroupSql.ADD_MEMBER", id("crew"), 1, BOB),
          Case.of("GroupSql.ADD_MEMBER", id("crew"), 1, ANN),
          Case.of("GroupSql.REMOVE_MEMBER", id("crew"), 1, ANN),
          Case.of("GroupSql.MEMBERS", id("crew"), 10, 0),
          Case.of("GroupSql.MEMBERS", id("crew"), 1, 1),
          Case.of("GroupSql.DIRECT_GROUPS", 1, BOB, 10),
          Case.of("GroupSql.GROUPS_OF_USER", BOB, 10, 0),
          Case.of("GroupSql.GROUPS_OF_USER", BOB, 1, 1),
          Case.of("GroupSql.ROOT_ADMINISTRATOR", id("root"), id("root")),
          Case.of("GroupSql.ROOT_ADMINISTRATOR", id("root2"), id("root2")),
          Case.of("GroupSql.ROOT_ADMINISTRATOR", FILE, FILE),
          Case.of("GroupSql.ROOT_ADMINISTRATOR_BY_EVERYONE", id("root"), id("root")),
          Case.of("GroupSql.ROOT_ADMINISTRATOR_BY_EVERYONE", DOCS, DOCS)
              .after("UPDATE permission SET rights = 31"),
          Case.of("GroupSql.ROOTS_ADMINISTERED_BY", ANN, ANN, ANN, 100),
          Case.of("GroupSql.ROOTS_ADMINISTERED_BY", id("crew"), id("crew"), Ids.ZERO, 100)
              .after("UPDATE permission SET rights = 31"),
          Case.of("GroupSql.ROOTS_ADMINISTERED_BY", BOB, BOB, Ids.ZERO, 100)
              .after("UPDATE permission SET rights = 31"),
          Case.of("GroupSql.HOLDS", id("inner"), id("crew")),
          Case.of("GroupSql.HOLDS", id("crew"), id("inner")),
          Case.of("CredentialSql.AUTHENTICATE", digest("token")),
          Case.of("CredentialSql.AUTHENTICATE", digest("session")),
          Case.of("CredentialSql.USED", NOW, id("token")),
          Case.of("CredentialSql.INSERT", NEW, digest("new"), ANN, 1, "", NOW, NOW),
          Case.of("CredentialSql.INSERT", NEW, digest("token"), ANN, 1, "", NOW, NOW),
          Case.of("CredentialSql.INSERT_SCOPE", id("token"), id("root"), "/x", 1),
          Case.of("CredentialSql.FIND", id("session")),
          Case.of("CredentialSql.SCOPES", id("token")),
          Case.of("CredentialSql.LIST", ANN, 2, NOW, Ids.ZERO, 10),
          Case.of("CredentialSql.OF_ACCOUNT", ANN, 10),
          Case.of("CredentialSql.OTHERS_OF_KIND", ANN, 1, id("token"), 10),
          Case.of("CredentialSql.EXPIRED", NOW, 10),
          Case.of("CredentialSql.DELETE", id("token")),
          Case.of("CredentialSql.DELETE_SCOPES", id("token")),

          // Content
          Case.of("ContentSql.ANNOUNCE", NEW, 3, NOW),
          Case.of("ContentSql.ANNOUNCE", id("blob live"), 3, NOW),
          Case.of("ContentSql.RENEW", NOW.plusSeconds(9), id("blob announced")),
          Case.of("ContentSql.RENEW", NOW.plusSeconds(9), id("blob live")),
          Case.of("ContentSql.NAME", id("blob announced")),
          Case.of("ContentSql.KEEP", id("blob live")),
          Case.of("ContentSql.KEEP", id("blob condemned")),
          Case.of("ContentSql.CONDEMN", NOW, id("blob live")),
          Case.of("ContentSql.CONDEMN", NOW, id("blob condemned")),
          Case.of("ContentSql.INSERT_CONTENT", NEW, 5L, null, NOW, null),
          Case.of("ContentSql.INSERT_CONTENT", NEW, 5L, digest("c"), NOW, new byte[20_000]),
          Case.of("ContentSql.CONTENT", id("content")),
          Case.of("ContentSql.CONTENT", id("small")),
          Case.of("ContentSql.CONTENT", NEW),
          Case.of("ContentSql.HOLD", id("content")),
          Case.of("ContentSql.HOLD", id("small")),
          Case.of("ContentSql.HOLD", NEW),
          Case.of("ContentSql.DELETE_UNNAMED", id("content"), id("content")),
          Case.of("ContentSql.DELETE_UNNAMED", id("small"), id("small")),
          Case.of("ContentSql.INSERT_PART", NEW, 1, id("b"), 5L, digest("p")),
          Case.of("ContentSql.INSERT_PART", id("content"), 1, id("b"), 5L, digest("p")),
          Case.of("ContentSql.PARTS", id("content"), 0, 10),
          Case.of("ContentSql.DELETE_PARTS", id("content")),
          Case.of("ContentSql.VERSIONS", FILE, 10),
          Case.of("ContentSql.DELETE_VERSION", id("v1")),
          Case.of("ContentSql.DUE", 0, 1, NOW, 10),
          Case.of("ContentSql.CONDEMN_OVERDUE", NOW, id("blob announced"), NOW),
          Case.of("ContentSql.CONDEMN_OVERDUE", NOW, id("blob announced"), NOW.minusSeconds(1)),
          Case.of("ContentSql.DELETED", NOW, id("blob condemned")),
          Case.of("ContentSql.FORGET", id("blob deleted")),
          Case.of("ContentSql.PURGE", NEW, HOME, 3, NOW),
          Case.of("ContentSql.PURGES", 0, Ids.ZERO, 10),
          Case.of("ContentSql.PURGES", 0, id("trashed"), 10),
          Case.of("ContentSql.ROWS_OF_BLOBS", Ids.ZERO, 10),
          Case.of("ContentSql.ROW_OF_BLOB", id("blob live")),
          Case.of("ContentSql.PARTS_WITHOUT_BLOB", Ids.ZERO, 10),
          Case.of("ContentSql.PARTS_WITHOUT_CONTENT", Ids.ZERO, 10),
          Case.of("ContentSql.CONTENTS_WITHOUT_BYTES", Ids.ZERO, 10),
          Case.of("ContentSql.SMALL_CONTENTS", Ids.ZERO, 10),
          Case.of("ContentSql.CONTENTS_WITHOUT_VERSION", Ids.ZERO, 10),
          Case.of("ContentSql.VERSIONS_WITHOUT_CONTENT", Ids.ZERO, 10),
          Case.of("ContentSql.PURGED", id("trashed")),

          // Files, workspaces, duties, settings
          Case.of("FilesSql.NEWEST_VERSION", FILE),
          Case.of("FilesSql.NEWEST_VERSION", NEW),
          Case.of(
              "FilesSql.INSERT_VERSION", NEW, FILE, 3L, NEW, 1L, null, "text/plain", NOW, ANN, NOW),
          Case.of(
              "FilesSql.INSERT_VERSION", NEW, FILE, 2L, NEW, 1L, null, "text/plain", NOW, ANN, NOW),
          Case.of("VersionSql.PAGE", FILE, 99L, 10),
          Case.of("VersionSql.PAGE", FILE, 2L, 10),
          Case.of("VersionSql.ONE", FILE, id("v1")),
          Case.of("VersionSql.SET_CLIENT_TIME", NOW, id("v1")),
          Case.of("VersionSql.DELETE", FILE, id("v1")),
          Case.of("WorkspaceSql.SERIALISE"),
          Case.of("WorkspaceSql.SEQ"),
          Case.of("WorkspaceSql.PENDING_PURGE", HOME),
          Case.of("DutySql.EPOCH"),
          Case.of("DutySql.RAISE_EPOCH", "other", "other"),
          Case.of("DutySql.RAISE_EPOCH", "first", "first"),
          Case.of("DutySql.FIRST_EPOCH", "x"),
          Case.of("DutySql.FIRST_EPOCH", "x").after("DELETE FROM token_epoch"),
          Case.of("DutySql.ADVANCE_FENCE", 1L, 5L, "sweep", 1L, 1L, 5L),
          Case.of("DutySql.ADVANCE_FENCE", 1L, 4L, "sweep", 1L, 1L, 4L),
          Case.of("DutySql.ADVANCE_FENCE", 2L, 1L, "sweep", 2L, 2L, 1L),
          Case.of("DutySql.FIRST_FENCE", "relay", 1L, 1L),
          Case.of("DutySql.FIRST_FENCE", "sweep", 1L, 1L),
          Case.of("SettingSql.COPIES", 10),
          Case.of("SettingSql.UPDATE_COPY", "v2", 2L, "a.b", 2L),
          Case.of("SettingSql.UPDATE_COPY", "v2", 1L, "a.b", 1L),
          Case.of("SettingSql.OVERWRITE_COPY", "v0", 0L, "a.b"),
          Case.of("SettingSql.OVERWRITE_COPY", "v0", 0L, "a.c"),
          Case.of("SettingSql.INSERT_COPY", "a.c", "v", 1L),
          Case.of("SettingSql.INSERT_COPY", "a.b", "v", 1L),
          Case.of("SettingSql.DELETE_COPY", "a.b"),
          Case.of("DutySql.FENCES", 10),
          Case.of("HeartbeatSql.ONE_AT_A_TIME"),
          Case.of("HeartbeatSql.ALL", 10).after(HEARTBEAT),
          Case.of("HeartbeatSql.INSERT", REPLICA, "1.0", "sql=x", NOW),
          Case.of("HeartbeatSql.INSERT", REPLICA, "1.0", "sql=x", NOW).after(HEARTBEAT),
          Case.of("HeartbeatSql.BEAT", NOW, REPLICA).after(HEARTBEAT),
          Case.of("HeartbeatSql.BEAT", NOW, EVE).after(HEARTBEAT),
          Case.of("HeartbeatSql.LEAVE", REPLICA).after(HEARTBEAT),
          Case.of("HeartbeatSql.REMOVE_UNCHANGED", REPLICA, Instant.ofEpochMilli(1))
              .after(HEARTBEAT),
          Case.of("HeartbeatSql.REMOVE_UNCHANGED", REPLICA, NOW).after(HEARTBEAT),
          Case.of("HeartbeatSql.REMOVE_OLD", NOW).after(HEARTBEAT));
}
