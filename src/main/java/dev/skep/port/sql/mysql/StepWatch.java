package dev.skep.port.sql.mysql;

import io.vertx.sqlclient.Row;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells a step that takes its time from one whose connection is dead: a statement may run for
 * minutes, so no time-out does. The server is asked, on another connection, whether it is still at
 * it. Thread-safe.
 */
final class StepWatch {

  /** An answer may be on its way at the first of them. */
  private static final int LOOKS = 2;

  /** How long the answer to any other statement of a migration may take. */
  static final Duration ANSWER = Duration.ofSeconds(30);

  private static final Duration LONGEST_STEP = Duration.ofHours(1);

  private volatile @Nullable Running running;
  private volatile boolean dead;

  /** A statement that waits for its answer. */
  private static final class Running {
    private final Session.Known connection;
    private int inVain;

    Running(Session.Known connection) {
      this.connection = connection;
    }
  }

  /** Runs the statements of a step. */
  void run(Connection connection, List<String> statements) throws SQLException {
    Session.Known known = ask(connection);
    connection.setNetworkTimeout(Runnable::run, (int) LONGEST_STEP.toMillis());
    try (Statement statement = connection.createStatement()) {
      for (String each : statements) {
        running = new Running(known);
        statement.execute(each);
      }
    } finally {
      running = null;
    }
    connection.setNetworkTimeout(Runnable::run, (int) ANSWER.toMillis());
  }

  /** Whether the server has ended a statement, or lost its connection, and nobody heard of it. */
  boolean isDead() {
    return dead;
  }

  /**
   * Looks on a session of another connection; again and again. What is dead is ended on the server,
   * with the locks that it holds there.
   */
  void look(Session session, Duration limit) throws SqlFailure {
    Running now = running;
    if (now == null
        || now.connection.client().isEmpty()
        || !now.connection.server().equals(session.known().server())) {
      return;
    }
    Optional<Row> found = found(now.connection, session, limit);
    boolean works = found.isPresent() && !"Sleep".equals(found.get().getString(1));
    now.inVain = works ? 0 : now.inVain + 1;
    if (now.inVain < LOOKS) {
      return;
    }
    dead = true;
    if (found.isPresent()) {
      session.run("KILL CONNECTION " + now.connection.id(), limit);
    }
  }

  /** The connection as the server knows it, unless its number means another one by now. */
  private static Optional<Row> found(Session.Known connection, Session session, Duration limit)
      throws SqlFailure {
    String ask = "SELECT host, command FROM " + connection.processes() + " WHERE id = ";
    return session.run(ask + connection.id(), limit).rows().stream()
        .filter(row -> connection.client().equals(row.getString(0)))
        .findFirst();
  }

  private static Session.Known ask(Connection connection) throws SQLException {
    Map<String, String> variables = new HashMap<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery(Server.ASK)) {
        while (rows.next()) {
          variables.put(rows.getString(1).toLowerCase(Locale.ROOT), rows.getString(2));
        }
      }
      Server server = new Server(Map.copyOf(variables));
      String client = "";
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT host FROM " + server.processes() + " WHERE id = CONNECTION_ID()")) {
        if (rows.next()) {
          client = rows.getString(1);
        }
      }
      return new Session.Known(
          server.connectionId(), server.identity(), client, server.processes());
    }
  }
}
