package dev.skep.port.sql.embedded;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.disk.RealDisk;
import dev.skep.port.CannotOpen;
import dev.skep.port.Driver;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Statement;
import dev.skep.port.sql.Work;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/**
 * SQLite in a folder: one writer thread with group commit and a few reader threads, so that no
 * virtual thread ever enters native code (P17). Each answer of a write follows the force of its
 * commit (P1).
 */
@Singleton
@Identifier("embedded")
public class EmbeddedSqlStore implements SqlStore, Driver {

  private static final int MIN_READERS = 2;
  private static final int MAX_READERS = 4;

  /** {@code PRAGMA synchronous} answers 2 for FULL. */
  private static final String FULL = "2";

  private final Path folder;
  private final Migrations migrations;
  private final Limits limits;

  private volatile @Nullable Open open;

  @Inject
  public EmbeddedSqlStore(EmbeddedSqlConfig config) {
    this(config, Migrations.DRIVE);
  }

  /** For tests, with a schema of their own. */
  public EmbeddedSqlStore(EmbeddedSqlConfig config, Migrations migrations) {
    this(config, migrations, Limits.DEFAULT);
  }

  EmbeddedSqlStore(EmbeddedSqlConfig config, Migrations migrations, Limits limits) {
    this.folder = config.folder();
    this.migrations = migrations;
    this.limits = limits;
  }

  @Override
  public <R extends @Nullable Object> R read(Work<R> work) {
    return opened().readers.run(work);
  }

  @Override
  public <R extends @Nullable Object> R write(Work<R> work) {
    return opened().writer.run(work);
  }

  @Override
  public void open() {
    DataFolder data = DataFolder.hold(folder);
    SqliteConnection connection = null;
    try {
      Reserve reserve = new Reserve(new RealDisk(), data.reserve(), limits.reserve());
      reserve.makeRoomToOpen();
      connection = SqliteConnection.writer(data.database());
      assertDurable(connection);
      migrations.apply(data.database(), connection);
      // The writer's own checkpoints see a failed force; see Checkpoints.
      connection.value("PRAGMA wal_autocheckpoint = 0");
      int count = Math.clamp(Runtime.getRuntime().availableProcessors(), MIN_READERS, MAX_READERS);
      Readers readers =
          new Readers(() -> SqliteConnection.reader(data.database()), count, limits.read());
      // Made now, so that the first change does not wait for it.
      reserve.isThere();
      open = new Open(data, connection, new Writer(connection, reserve, limits.write()), readers);
    } catch (SQLException e) {
      giveBack(data, connection);
      throw cannotOpen(e);
    } catch (Migrations.NewerSchema e) {
      giveBack(data, connection);
      throw newerSchema(e);
    } catch (FlywayException e) {
      giveBack(data, connection);
      throw new CannotOpen(
          DataFolder.KEY, "the data in " + folder + " cannot be migrated: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      giveBack(data, connection);
      throw e;
    }
  }

  @Override
  public String target() {
    return folder.toString();
  }

  @Override
  public void check() {
    Open now = opened();
    now.writer.writable();
    now.readers.run(tx -> tx.query(Probe.ALIVE));
  }

  @Override
  public void close() {
    Open now = open;
    open = null;
    if (now == null) {
      return;
    }
    now.writer.close();
    now.readers.close();
    giveBack(now.data, now.connection);
  }

  /** The open store, for a caller outside its own functions. */
  private Open opened() {
    Open now = open;
    if (now == null) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "the database is not open");
    }
    if (now.isOwn(Thread.currentThread())) {
      throw new IllegalStateException("a function of the store calls the store; it has its Tx");
    }
    return now;
  }

  private void assertDurable(SqliteConnection connection) throws SQLException {
    String journal = connection.value("PRAGMA journal_mode");
    String synchronous = connection.value("PRAGMA synchronous");
    if (!journal.equals("wal") || !synchronous.equals(FULL)) {
      throw new CannotOpen(
          DataFolder.KEY,
          "the file system of "
              + folder
              + " does not support a write-ahead log (journal_mode="
              + journal
              + ", synchronous="
              + synchronous
              + "). Name a folder on a local disk",
          null);
    }
  }

  private RuntimeException cannotOpen(SQLException e) {
    SkepException failure = SqliteErrors.ofStore(e);
    return switch (failure.code()) {
      case NO_SPACE -> failure;
      case CORRUPT ->
          new CannotOpen(
              DataFolder.KEY, "the data in " + folder + " is damaged; restore a backup", e);
      default -> DataFolder.notWritable(folder, e);
    };
  }

  private CannotOpen newerSchema(Migrations.NewerSchema e) {
    return new CannotOpen(
        DataFolder.KEY,
        "the data in "
            + folder
            + " was written by a newer Skep (schema "
            + e.found
            + "; this one knows "
            + e.known
            + "). Start the newer version, or restore a backup made by this one",
        e);
  }

  private static void giveBack(DataFolder data, @Nullable SqliteConnection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      throw SqliteErrors.ofStore(e);
    } finally {
      data.close();
    }
  }

  private record Open(
      DataFolder data, SqliteConnection connection, Writer writer, Readers readers) {

    boolean isOwn(Thread thread) {
      return writer.owns(thread) || readers.owns(thread);
    }
  }

  private enum Probe implements Statement {
    ALIVE;

    @Override
    public String sql() {
      return "SELECT 1 AS alive";
    }
  }
}
