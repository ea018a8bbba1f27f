package dev.skep.domain.duty;

import dev.skep.domain.Caller;
import dev.skep.port.sql.Work;
import org.jspecify.annotations.Nullable;

/** What a run of a duty may use. Thread-safe. */
public interface DutyContext {

  /** The shard to work on, from 0. */
  int shard();

  /** Of how many. */
  int shards();

  /** Skep itself, in the duty's name. */
  Caller caller();

  /** Whether to go on: false once the lease is lost or this replica stops. */
  boolean held();

  /**
   * A transaction that only the newest holder of the shard can make.
   *
   * @throws StaleHolderException when this one is not: nothing was changed, and the run should end
   */
  <R extends @Nullable Object> R protectedWrite(Work<R> work);
}
