package dev.skep.testkit;

import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Work;
import org.jspecify.annotations.Nullable;

/**
 * Runs every write twice, first undone and then for good, as a driver may after a known roll-back:
 * a function that keeps anything of its first run, or calls a port, is found.
 */
public final class RepeatingSqlStore implements SqlStore {

  private final SqlStore store;
  private final PortGuard guard;

  public RepeatingSqlStore(SqlStore store, PortGuard guard) {
    this.store = store;
    this.guard = guard;
  }

  @Override
  public <R extends @Nullable Object> R read(Work<R> work) {
    guard.check("SqlStore.read");
    return store.read(tx -> guard.inside(() -> work.run(tx)));
  }

  @Override
  public <R extends @Nullable Object> R write(Work<R> work) {
    guard.check("SqlStore.write");
    runAndUndo(work);
    return store.write(tx -> guard.inside(() -> work.run(tx)));
  }

  private <R extends @Nullable Object> void runAndUndo(Work<R> work) {
    try {
      store.write(
          tx -> {
            tx.rollBackOnly();
            return guard.inside(() -> work.run(tx));
          });
    } catch (RuntimeException firstRun) {
      // Undone as well; the second run tells the caller.
    }
  }
}
