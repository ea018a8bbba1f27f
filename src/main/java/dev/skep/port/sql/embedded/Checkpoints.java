package dev.skep.port.sql.embedded;

import java.sql.SQLException;
import java.util.List;

/**
 * Carries the write-ahead log over into the database. SQLite's automatic checkpoint ignores a
 * failed force of the database file and repeats it later (P2); here it is seen.
 */
final class Checkpoints {

  private static final int FRAMES = 1_000;
  private static final int TOO_MANY_FRAMES = 8_000;

  private final SqliteConnection connection;

  Checkpoints(SqliteConnection connection) {
    this.connection = connection;
  }

  void afterCommit() throws SQLException {
    List<String> log = connection.row("PRAGMA wal_checkpoint(NOOP)");
    int frames = Integer.parseInt(log.get(1));
    int carriedOver = Integer.parseInt(log.get(2));
    if (frames > TOO_MANY_FRAMES) {
      // Readers that overlap without end would keep the log growing: this one waits for them.
      connection.row("PRAGMA wal_checkpoint(RESTART)");
    } else if (frames - carriedOver >= FRAMES) {
      connection.row("PRAGMA wal_checkpoint(PASSIVE)");
    }
  }

  /**
   * Makes room in a log that cannot grow: what is carried over may be overwritten.
   *
   * @return whether more of it may be overwritten than before
   */
  boolean makeRoom() throws SQLException {
    List<String> before = connection.row("PRAGMA wal_checkpoint(NOOP)");
    if (before.get(1).equals(before.get(2))) {
      return false;
    }
    List<String> after = connection.row("PRAGMA wal_checkpoint(PASSIVE)");
    return after.get(1).equals(after.get(2));
  }
}
