package dev.skep.port.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import dev.skep.port.sql.StatementCases.Case;
import dev.skep.port.sql.StatementData.Text;
import dev.skep.port.sql.embedded.EmbeddedSqlStore;
import dev.skep.port.sql.mysql.MySqlSqlStore;
import dev.skep.testkit.SqlEngine;
import dev.skep.testkit.SqlServer;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** P4: every statement of the domain gives equal rows, order and counts on SQLite and MariaDB. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("P4")
@Tag("P5")
class StatementTableTest {

  private static final Map<String, Statement> STATEMENTS = statementsOfTheDomain();
  private static final Pattern CHANGED_TABLE =
      Pattern.compile("^(?:INSERT INTO|UPDATE|DELETE FROM) (\\w+)");

  @TempDir static Path folder;

  private SqlServer server;
  private EmbeddedSqlStore sqlite;
  private Vertx vertx;
  private MySqlSqlStore shared;

  /**
   * What a statement did.
   *
   * @param rows its result, or the changed table after it
   */
  private record Effect(String count, List<String> rows) {

    boolean isSomething() {
      return !count.equals("0");
    }
  }

  /** The product beside SQLite. */
  SqlEngine engine() {
    return SqlEngine.MARIADB;
  }

  @BeforeAll
  void prepare() throws Exception {
    vertx = Vertx.vertx();
    server = engine().start();
    shared = open(server.newDatabase());
    sqlite = new EmbeddedSqlStore(() -> folder);
    sqlite.open();
    StatementData.prepare(sqlite);
    StatementData.prepare(shared);
  }

  @AfterAll
  void stop() throws Exception {
    if (sqlite != null) {
      sqlite.close();
    }
    if (shared != null) {
      shared.close();
    }
    vertx.close().toCompletionStage().toCompletableFuture().get();
    if (server != null) {
      server.close();
    }
  }

  static Stream<String> statements() {
    return STATEMENTS.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("statements")
  void givesEqualRowsOrderAndCounts(String name) {
    List<Case> cases =
        StatementCases.ALL.stream().filter(each -> each.statement().equals(name)).toList();
    assertThat(cases).as("add a row for %s to StatementCases", name).isNotEmpty();
    boolean isSomething = false;
    for (Case each : cases) {
      Effect onSqlite = effect(sqlite, each);
      Effect onServer = effect(shared, each);
      assertThat(onServer.count())
          .as("count on %s: %s", engine(), each)
          .isEqualTo(onSqlite.count());
      assertThat(onServer.rows())
          .as("rows on %s: %s", engine(), each)
          .containsExactlyElementsOf(onSqlite.rows());
      isSomething |= onSqlite.isSomething();
    }
    assertThat(isSomething).as("a case in which %s finds or changes something", name).isTrue();
  }

  @Test
  void everyRowOfTheTableIsAStatement() {
    assertThat(StatementCases.ALL)
        .allSatisfy(each -> assertThat(STATEMENTS).containsKey(each.statement()));
  }

  @Test
  void noStatementUsesWhatTheEnginesDoNotShare() {
    assertThat(STATEMENTS.values())
        .extracting(Statement::sql)
        .noneMatch(
            sql ->
                sql.matches(
                    "(?is).*\\b(RETURNING|ON CONFLICT|ON DUPLICATE|REPLACE INTO|JSON_\\w+)\\b.*"));
  }

  /** What the folder holds that a path leads through. */
  int entries() {
    return 100_000;
  }

  /** P5, with fresh statistics, where a join would read the whole folder. */
  @Test
  void aPathOf60SegmentsThroughALargeFolderReadsFewRows() throws Exception {
    SqlServer.Database database = server.newDatabase();
    MySqlSqlStore store = open(database);
    StatementData.prepare(store);
    store.close();
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      String path = deepPathThroughAFullFolder(connection);
      connection.commit();
      try (var statement = connection.createStatement()) {
        statement.execute("ANALYZE TABLE node, workspace");
        statement.execute("FLUSH STATUS");
      }
      int depth = resolve(connection, path);
      assertThat(depth).isEqualTo(61);
      assertThat(ancestorsOfTheLast(connection)).isEqualTo(61);
      assertThat(rowsRead(connection)).isLessThan(1500);
    }
  }

  /** What a page of a trash reads: the items, what they inherit from, and the caller's entries. */
  @Test
  void aPageOfALargeTrashReadsItsOwnRows() throws Exception {
    SqlServer.Database database = server.newDatabase();
    MySqlSqlStore store = open(database);
    StatementData.prepare(store);
    store.close();
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      trash(connection, 20_000);
      connection.commit();
      try (var statement = connection.createStatement()) {
        statement.execute("ANALYZE TABLE node, permission, account, membership");
        statement.execute("FLUSH STATUS");
      }
      Object trash = Parameters.stored(StatementCases.id("trash"));
      Object bob = Parameters.stored(StatementCases.id("bob"));
      assertThat(run(connection, "TreeSql.TRASHED", trash, "entry", 10)).isEqualTo(10);
      String last = "entry 10007";
      assertThat(run(connection, "TreeSql.ABOVE_TRASHED", trash, "entry", last, 1000, 0))
          .isEqualTo(2);
      run(connection, "PermissionSql.ENTRIES_OF_TRASHED", bob, trash, "entry", last, 1000, 0);
      assertThat(rowsRead(connection)).isLessThan(500);
    }
  }

  private static int run(Connection connection, String statement, Object... parameters)
      throws Exception {
    try (PreparedStatement query = connection.prepareStatement(STATEMENTS.get(statement).sql())) {
      for (int at = 0; at < parameters.length; at++) {
        query.setObject(at + 1, parameters[at]);
      }
      int rows = 0;
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          rows++;
        }
      }
      return rows;
    }
  }

  private static void trash(Connection connection, int count) throws Exception {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO node (id, workspace_id, parent_id, name, type, version_id, content_id, size, media_type, tags,"
                + " metadata, revision, created_at, created_by, modified_at, modified_by, rights_parent_id, origin_id,"
                + " origin_name, deleted_at, deleted_by)"
                + " VALUES (?, ?, ?, ?, 0, ?, ?, 0, '', '[]', '{}', 1, 0, ?, 0, ?, ?, ?, 'x', 0, ?)")) {
      UUID docs = StatementCases.id("docs");
      for (int i = 0; i < count; i++) {
        UUID id = UUID.randomUUID();
        List<Object> values =
            List.of(
                id,
                StatementCases.id("home"),
                StatementCases.id("trash"),
                "entry " + (10_000 + i),
                id,
                id,
                id,
                id,
                docs,
                docs,
                id);
        for (int at = 0; at < values.size(); at++) {
          insert.setObject(at + 1, Parameters.stored(values.get(at)));
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private MySqlSqlStore open(SqlServer.Database database) {
    MySqlSqlStore store = new MySqlSqlStore(vertx, database.settings());
    store.open();
    return store;
  }

  private static Effect effect(SqlStore store, Case each) {
    Statement statement = STATEMENTS.get(each.statement());
    return store.write(
        tx -> {
          tx.rollBackOnly();
          if (each.before() != null) {
            tx.update(new Text(each.before()));
          }
          return effect(tx, statement, each.parameters());
        });
  }

  private static Effect effect(Tx tx, Statement statement, @Nullable Object[] parameters) {
    Matcher change = CHANGED_TABLE.matcher(statement.sql());
    if (!change.find()) {
      List<String> rows = texts(tx.query(statement, parameters));
      return new Effect(String.valueOf(rows.size()), rows);
    }
    String count;
    try {
      count = String.valueOf(tx.update(statement, parameters));
    } catch (ConstraintViolation e) {
      count = "violation";
    }
    List<String> table = texts(tx.query(new Text("SELECT * FROM " + change.group(1))));
    return new Effect(count, table.stream().sorted().toList());
  }

  private static List<String> texts(List<Row> rows) {
    return rows.stream().map(StatementTableTest::text).toList();
  }

  /** Text and bytes are one: names are bytes of UTF-8 on both. */
  private static String text(Row row) {
    StringBuilder text = new StringBuilder();
    NamedRow named = (NamedRow) row;
    for (String column : new java.util.TreeSet<>(named.positions().keySet())) {
      Object value =
          switch (named.value(column)) {
            case null -> "NULL";
            case String string -> hex(string.getBytes(StandardCharsets.UTF_8));
            case byte[] bytes -> hex(bytes);
            case Object number -> number;
          };
      text.append(column).append('=').append(value).append(' ');
    }
    return text.toString();
  }

  private static String hex(byte[] bytes) {
    return "x" + HexFormat.of().formatHex(bytes);
  }

  private static Map<String, Statement> statementsOfTheDomain() {
    Map<String, Statement> statements = new TreeMap<>();
    new ClassFileImporter()
        .withImportOption(new DoNotIncludeTests()).importPackages("dev.skep.domain").stream()
            .filter(each -> each.isEnum() && each.isAssignableTo(Statement.class))
            .map(JavaClass::reflect)
            .forEach(
                each -> {
                  for (Object constant : each.getEnumConstants()) {
                    Statement statement = (Statement) constant;
                    statements.put(each.getSimpleName() + "." + statement.name(), statement);
                  }
                });
    return statements;
  }

  private String deepPathThroughAFullFolder(Connection connection) throws Exception {
    UUID parent = StatementCases.id("root");
    StringBuilder path = new StringBuilder();
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO node (id, workspace_id, parent_id, name, type, version_id, content_id,"
                + " size, media_type, tags, metadata, revision, created_at, created_by,"
                + " modified_at, modified_by) VALUES (?, ?, ?, ?, 0, ?, ?, 0, '', '', '', 1, 0, ?,"
                + " 0, ?)")) {
      for (int segment = 1; segment <= 60; segment++) {
        String name = "segment " + segment;
        UUID id = StatementCases.id(name);
        add(insert, id, parent, name);
        for (int i = 0; segment == 30 && i < entries(); i++) {
          add(insert, UUID.randomUUID(), parent, "entry " + i);
        }
        path.append(name).append('/');
        parent = id;
      }
      insert.executeBatch();
    }
    return path.toString();
  }

  private static void add(PreparedStatement insert, UUID id, UUID parent, String name)
      throws Exception {
    List<Object> values = List.of(id, StatementCases.id("home"), parent, name, id, id, id, id);
    for (int i = 0; i < values.size(); i++) {
      insert.setObject(i + 1, Parameters.stored(values.get(i)));
    }
    insert.addBatch();
  }

  private static int resolve(Connection connection, String path) throws Exception {
    try (PreparedStatement resolve =
        connection.prepareStatement(STATEMENTS.get("TreeSql.RESOLVE").sql())) {
      resolve.setString(1, path);
      resolve.setBytes(2, (byte[]) Parameters.stored(StatementCases.id("home")));
      List<byte[]> ids = new ArrayList<>();
      try (ResultSet result = resolve.executeQuery()) {
        while (result.next()) {
          ids.add(result.getBytes("id"));
        }
      }
      assertThat(ids.getLast()).isEqualTo(Parameters.stored(StatementCases.id("segment 60")));
      return ids.size();
    }
  }

  /** What every look at a node reads for its rights. */
  private static int ancestorsOfTheLast(Connection connection) throws Exception {
    try (PreparedStatement ancestors =
        connection.prepareStatement(STATEMENTS.get("TreeSql.ANCESTORS").sql())) {
      ancestors.setObject(1, Parameters.stored(StatementCases.id("segment 60")));
      int count = 0;
      try (ResultSet result = ancestors.executeQuery()) {
        while (result.next()) {
          count++;
        }
      }
      return count;
    }
  }

  private static long rowsRead(Connection connection) throws Exception {
    long read = 0;
    try (var statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SHOW SESSION STATUS LIKE 'Handler_read%'")) {
      while (result.next()) {
        read += result.getLong(2);
      }
    }
    System.out.println("rows read: " + read);
    return read;
  }
}
