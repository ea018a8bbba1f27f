package dev.skep.port.sql;

import org.jspecify.annotations.Nullable;

/**
 * Transactions over tables. What lasts and must be atomic lives here.
 *
 * <h2>Work</h2>
 *
 * The function runs whole on a thread of the driver's choice and may run again after a known
 * roll-back, so it touches nothing but its {@link Tx} and its arguments: no port, clock, random
 * number, thread-bound value or I/O; ids and times are made before. What it throws reaches the
 * caller unchanged, after its own changes alone are undone.
 *
 * <h2>Reading</h2>
 *
 * {@link #read} sees one snapshot, from its first statement to its last, and everything committed
 * before it was called on this replica. It cannot write. It ends within 5 s or fails as {@code
 * unavailable}.
 *
 * <h2>Writing</h2>
 *
 * {@link #write} is one serialisable-by-convention transaction: it begins with an update of the row
 * that serialises what it changes (P3). When it returns, all of it is durable and survives a power
 * cut; when it throws anything but {@link dev.skep.common.UnknownOutcomeException}, none of it
 * happened. Deadlocks, lock time-outs and busy errors repeat the whole function, a bounded number
 * of times, only when a roll-back is known; then {@code unavailable}.
 *
 * <h2>Failures</h2>
 *
 * {@code no-space} when the disk is full (nothing changed; what {@link Tx#mayUseReserve} goes on);
 * {@code unavailable} when the server or the disk does not answer. Thread-safe; callable from
 * virtual threads, which never hold their carrier meanwhile.
 */
public interface SqlStore {

  /** Runs the function in one snapshot and returns its result. */
  <R extends @Nullable Object> R read(Work<R> work);

  /** Runs the function in one transaction and returns its result once that is durable. */
  <R extends @Nullable Object> R write(Work<R> work);
}
