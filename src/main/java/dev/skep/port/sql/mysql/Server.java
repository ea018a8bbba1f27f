package dev.skep.port.sql.mysql;

import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server says of itself.
 *
 * @param variables by name, in lower case; those that it does not have are absent
 */
record Server(Map<String, String> variables) {

  static final String ASK =
      "SHOW VARIABLES WHERE Variable_name IN ('version', 'version_comment', 'pseudo_thread_id',"
          + " 'read_only', 'innodb_read_only', 'wsrep_on', 'innodb_flush_log_at_trx_commit',"
          + " 'sync_binlog', 'log_bin', 'innodb_doublewrite', 'innodb_flush_method', 'hostname',"
          + " 'port', 'server_id', 'server_uid', 'server_uuid', 'datadir')";

  private static final List<String> IDENTITY =
      List.of("hostname", "port", "server_id", "server_uid", "server_uuid", "datadir");

  private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");

  /** How long a transaction of a replica that was cut off may keep its locks. */
  private static final int ABANDONED_SECONDS = 10;

  /**
   * Longer than a connection stays in the pool unused. MySQL knows no limit for transactions alone,
   * so this is also how long it keeps the locks of a replica that was cut off.
   */
  private static final int UNUSED_SECONDS = 15;

  /**
   * More than the deepest tree has levels: beyond the default, 1,000, MySQL refuses, and MariaDB
   * answers with what it has so far.
   */
  private static final int RECURSIONS = 1_000_000;

  static Server ask(Session session, Duration limit) throws SqlFailure {
    Map<String, String> variables = new HashMap<>();
    for (Row row : session.run(ASK, limit).rows()) {
      variables.put(row.getString(0).toLowerCase(Locale.ROOT), row.getString(1));
    }
    return new Server(Map.copyOf(variables));
  }

  long connectionId() {
    return Long.parseLong(variables.getOrDefault("pseudo_thread_id", "0"));
  }

  /** The same for all connections to one server, and as good as never for those to two. */
  String identity() {
    return String.join(" ", IDENTITY.stream().map(this::variable).toList());
  }

  boolean isMariaDb() {
    return (variable("version") + variable("version_comment"))
        .toLowerCase(Locale.ROOT)
        .contains("mariadb");
  }

  boolean isReadOnly() {
    return isOn("read_only") || isOn("innodb_read_only");
  }

  boolean isGalera() {
    return isOn("wsrep_on");
  }

  /** {@code MariaDB 10.11.14}. */
  String name() {
    return (isMariaDb() ? "MariaDB " : "MySQL ") + variable("version").split("-", 2)[0];
  }

  /**
   * The table of all connections. That of MySQL's information_schema fails while any of them runs a
   * statement with bytes that are no text (error 3854); the other one is empty where
   * performance_schema is switched off.
   */
  String processes() {
    return isMariaDb() ? "information_schema.processlist" : "performance_schema.processlist";
  }

  /**
   * The oldest whose recursive statements, limits for transactions and table of connections are
   * those we need.
   */
  String oldest() {
    return isMariaDb() ? "MariaDB 10.6" : "MySQL 8.0.22";
  }

  boolean isTooOld() {
    return isMariaDb() ? version() < version(10, 6, 0) : version() < version(8, 0, 22);
  }

  /** The statements that make a connection ours, whatever the server's own defaults are. */
  List<String> setUp(Limits limits) {
    List<String> settings = new ArrayList<>();
    // Nothing is ever committed but by COMMIT, also where a statement outlives its caller.
    settings.add("autocommit = 0");
    settings.add("sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'");
    settings.add("time_zone = '+00:00'");
    settings.add("innodb_lock_wait_timeout = " + limits.lock().toSeconds());
    settings.add("lock_wait_timeout = " + limits.lock().toSeconds());
    settings.add("wait_timeout = " + UNUSED_SECONDS);
    if (isMariaDb()) {
      settings.add("max_statement_time = " + limits.statement().toSeconds());
      settings.add("idle_transaction_timeout = " + ABANDONED_SECONDS);
      settings.add("max_recursive_iterations = " + RECURSIONS);
    } else {
      settings.add("max_execution_time = " + limits.statement().toMillis());
      settings.add("cte_max_recursion_depth = " + RECURSIONS);
    }
    if (isGalera()) {
      // A node may lag behind the one that another replica writes to (P8).
      settings.add("wsrep_sync_wait = 1");
    }
    return List.of(
        "SET NAMES utf8mb4 COLLATE " + collation(),
        "SET " + String.join(", ", settings),
        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  }

  /** What of an acknowledgement would not survive a power cut, a line each (P1). */
  List<String> doubts() {
    List<String> doubts = new ArrayList<>();
    if (!is("innodb_flush_log_at_trx_commit", "1")) {
      doubts.add(
          "innodb_flush_log_at_trx_commit is "
              + variable("innodb_flush_log_at_trx_commit")
              + ": a power cut of the server loses acknowledged changes. Set it to 1");
    }
    if (isOn("log_bin") && !is("sync_binlog", "1")) {
      doubts.add(
          "sync_binlog is "
              + variable("sync_binlog")
              + ": a power cut of the server may lose what its replicas have not yet read. Set it"
              + " to 1");
    }
    if (is("innodb_flush_method", "nosync")) {
      doubts.add("innodb_flush_method is nosync: nothing is forced to the disk");
    }
    if (is("innodb_doublewrite", "OFF") || is("innodb_doublewrite", "DETECT_ONLY")) {
      doubts.add(
          "innodb_doublewrite is "
              + variable("innodb_doublewrite")
              + ": a power cut of the server can tear a page, unless its file"
              + " system writes pages atomically");
    }
    return doubts;
  }

  /** Compares texts by their bytes, trailing spaces included, where a statement has only texts. */
  private String collation() {
    return isMariaDb() ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin";
  }

  private long version() {
    Matcher numbers = NUMBERS.matcher(variable("version"));
    if (!numbers.matches()) {
      return 0;
    }
    String patch = numbers.group(3);
    return version(
        Integer.parseInt(numbers.group(1)),
        Integer.parseInt(numbers.group(2)),
        patch == null ? 0 : Integer.parseInt(patch));
  }

  private static long version(int major, int minor, int patch) {
    return (major * 1_000L + minor) * 1_000L + patch;
  }

  private boolean isOn(String name) {
    return is(name, "ON") || is(name, "1");
  }

  private boolean is(String name, String value) {
    return variable(name).equalsIgnoreCase(value);
  }

  private String variable(String name) {
    return variables.getOrDefault(name, "");
  }
}
