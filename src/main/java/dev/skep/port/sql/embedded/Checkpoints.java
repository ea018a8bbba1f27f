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

  /** 1 MiB, so that a change that comes meanwhile waits some milliseconds only. */
  private static final int PAGES = 256;

  /** What is left free for the next changes. */
  private static final int SPARE_PAGES = 256;

  private final SqliteConnection connection;

  /** How long the log was, since its file was cut off. */
  private int mostFrames;

  Checkpoints(SqliteConnection connection) {
    this.connection = connection;
  }

  void afterCommit() throws SQLException {
    List<String> log = connection.row("PRAGMA wal_checkpoint(NOOP)");
    int frames = Integer.parseInt(log.get(1));
    mostFrames = Math.max(mostFrames, frames);
    int carriedOver = Integer.parseInt(log.get(2));
    if (frames > TOO_MANY_FRAMES) {
      // Readers that overlap without end would keep the log growing: this one waits for them.
      connection.row("PRAGMA wal_checkpoint(RESTART)");
    } else if (frames - carriedOver >= FRAMES) {
      connection.row("PRAGMA wal_checkpoint(PASSIVE)");
    }
  }

  /**
   * Gives back to the disk what the database does not need: a slice of its free pages, and when
   * there are none the file of a log that has grown beyond its ordinary size.
   *
   * @return whether there may be more to give back
   */
  boolean giveBack() throws SQLException {
    long free = freePages();
    if (free > SPARE_PAGES) {
      connection.vacuum(PAGES);
      afterCommit();
      return freePages() < free; // a database that was made without this keeps its pages
    }
    makeRoom(); // the file ends where the database does only once the log was carried over
    if (mostFrames > 2 * FRAMES) {
      mostFrames = connection.truncateLog() ? 0 : mostFrames;
    }
    return mostFrames > 2 * FRAMES;
  }

  private long freePages() throws SQLException {
    return Long.parseLong(connection.value("PRAGMA freelist_count"));
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
