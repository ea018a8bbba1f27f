package dev.skep.port.sql.embedded;

import dev.skep.common.ErrorCode;
import dev.skep.common.SkepException;
import dev.skep.common.Threads;
import dev.skep.port.sql.Work;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A few platform threads, each with its own read-only connection: a native call would hold a
 * virtual thread's carrier (P17).
 */
final class Readers {

  private static final Logger LOG = Logger.getLogger(Readers.class);

  private final Connecting connecting;
  private final Duration limit;
  private final BlockingQueue<ReadCall<?>> waiting = new LinkedBlockingQueue<>();
  private final List<ReaderThread> threads = new ArrayList<>();
  private final ReadCall<String> stop = new ReadCall<>(tx -> "stop");
  private volatile boolean closed;

  /** Makes a connection to read on. */
  interface Connecting {
    SqliteConnection connect() throws SQLException;
  }

  Readers(Connecting connecting, int count, Duration limit) throws SQLException {
    this.connecting = connecting;
    this.limit = limit;
    for (int i = 1; i <= count; i++) {
      threads.add(new ReaderThread("skep-sql-reader-" + i, connecting.connect()));
    }
    threads.forEach(Thread::start);
  }

  <R extends @Nullable Object> R run(Work<R> work) {
    ReadCall<R> call = new ReadCall<>(work);
    if (closed) {
      throw new SkepException(ErrorCode.UNAVAILABLE, "the database is closed");
    }
    waiting.add(call);
    return call.await(limit);
  }

  boolean owns(Thread thread) {
    return thread instanceof ReaderThread reader && threads.contains(reader);
  }

  /** Finishes what waits. */
  void close() {
    closed = true;
    waiting.add(stop);
    threads.forEach(Threads::join);
  }

  private final class ReaderThread extends Thread {

    private @Nullable SqliteConnection connection;

    ReaderThread(String name, SqliteConnection connection) {
      super(name);
      setDaemon(true);
      this.connection = connection;
    }

    @Override
    public void run() {
      for (ReadCall<?> call = next(); call != stop; call = next()) {
        serve(call);
      }
      waiting.add(stop);
      disconnect();
    }

    private ReadCall<?> next() {
      while (true) {
        try {
          return waiting.take();
        } catch (InterruptedException e) {
          // Nobody but a function can have interrupted this thread: it goes on.
        }
      }
    }

    private <R extends @Nullable Object> void serve(ReadCall<R> call) {
      try {
        SqliteConnection open = connected();
        if (!call.begin(open)) {
          return;
        }
        try {
          call.answer(inSnapshot(open, call));
        } finally {
          call.end();
        }
      } catch (SQLException e) {
        // Only after the call's end: an interrupt of a closed connection would be one of freed
        // memory.
        disconnect();
        call.fail(SqliteErrors.ofStore(e));
      } catch (Throwable e) {
        LOG.error("A reader failed unexpectedly; it connects again", e);
        disconnect();
        call.fail(new SkepException(ErrorCode.UNAVAILABLE, "the database failed", e));
      }
    }

    private <R extends @Nullable Object> Outcome<R> inSnapshot(
        SqliteConnection open, ReadCall<R> call) throws SQLException {
      open.run("BEGIN");
      SqliteTx tx = SqliteTx.forReading(open, call::isCancelled);
      Outcome<R> outcome = call.run(tx);
      open.rollBack();
      SQLException broken = tx.broken();
      if (broken != null) {
        throw broken;
      }
      return outcome;
    }

    private SqliteConnection connected() throws SQLException {
      SqliteConnection open = connection;
      if (open == null) {
        open = connecting.connect();
        connection = open;
      }
      return open;
    }

    private void disconnect() {
      SqliteConnection open = connection;
      connection = null;
      if (open != null) {
        try {
          open.close();
        } catch (SQLException | RuntimeException e) {
          // Nothing depends on a reader's connection once it is given up.
        }
      }
    }
  }
}
