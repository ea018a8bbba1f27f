package dev.skep.domain.files;

import dev.skep.domain.Caller;
import dev.skep.domain.content.Sweeper;
import dev.skep.domain.duty.DutyContext;
import dev.skep.port.sql.SqlStore;
import dev.skep.port.sql.Work;
import dev.skep.testkit.Drive;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Runs the sweeper of a drive, as its only holder. */
record Sweeping(Drive drive) {

  private static final int SHARDS = 16;

  /** All shards once. */
  void sweep() {
    for (int shard = 0; shard < SHARDS; shard++) {
      sweep(shard);
    }
  }

  /** The shard that removes a node. */
  void sweepFor(UUID nodeId) {
    sweep((int) (nodeId.getLeastSignificantBits() & (SHARDS - 1)));
  }

  private void sweep(int shard) {
    drive.get(Sweeper.class).run(new Held(shard, SHARDS, drive.get(SqlStore.class)));
  }

  /** A lease that never ends. */
  private record Held(int shard, int shards, SqlStore sql) implements DutyContext {

    @Override
    public Caller caller() {
      return Caller.system("sweeper");
    }

    @Override
    public boolean held() {
      return true;
    }

    @Override
    public <R extends @Nullable Object> R protectedWrite(Work<R> work) {
      return sql.write(work);
    }
  }
}
